import { describe, expect, it } from 'vitest';
import { findRecordingFlags } from './flags.js';

describe('the flags of archived audio', () => {
  it.each([
    [79, 100, true],
    [80, 100, false],
    [7, 10, false],
    [6.9, 10, true],
    [0.1, 3, false],
    [120, 100, false],
    [undefined, 100, false],
    [10, undefined, false],
  ])('of %s s in a call of %s s: short is %s', (seconds, duration, short) => {
    const audio = { container: 'wav', ...(seconds === undefined ? {} : { seconds }) };
    expect(findRecordingFlags(audio, duration)).toEqual(short ? ['short'] : []);
  });

  it('say that there is no sound at all, whatever is known of the call', () => {
    expect(findRecordingFlags({ container: 'wav', seconds: 0 }, 125)).toEqual(['short', 'empty']);
    expect(findRecordingFlags({ container: 'mp3', seconds: 0 }, 2)).toEqual(['empty']);
    expect(findRecordingFlags({ container: 'mp3', seconds: 0 }, undefined)).toEqual(['empty']);
  });

  it('say that nothing here knows what it is', () => {
    expect(findRecordingFlags({ container: 'unrecognised' }, 125)).toEqual(['unrecognised']);
  });
});
