import { describe, expect, it } from 'vitest';
import { parseByteRange } from './object-answer.js';

describe('a byte range', () => {
  it.each([
    ['bytes=0-9', { start: 0, end: 10 }],
    ['bytes=90-', { start: 90, end: 100 }],
    ['bytes=90-500', { start: 90, end: 100 }],
    ['bytes=-10', { start: 90, end: 100 }],
    ['bytes=-500', { start: 0, end: 100 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=9-0', undefined],
    ['bytes=0-1,5-6', undefined],
    ['lines=0-9', undefined],
    ['bytes=-', undefined],
    [undefined, undefined],
  ])('of 100 bytes: %s', (header, expected) => {
    expect(parseByteRange(header, 100)).toEqual(expected);
  });
});
