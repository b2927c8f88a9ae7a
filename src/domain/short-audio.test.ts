import { describe, expect, it } from 'vitest';
import { isShort } from './short-audio.js';

describe('short audio', () => {
  it.each([
    [79, 100, true],
    [80, 100, false],
    [7, 10, false],
    [6.9, 10, true],
    [0, 3, false],
    [120, 100, false],
    [undefined, 100, false],
    [10, undefined, false],
  ])('of %s s in a call of %s s: %s', (seconds, duration, short) => {
    expect(isShort(seconds, duration)).toBe(short);
  });
});
