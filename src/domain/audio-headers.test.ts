import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dispositionOf, mediaTypeOf } from './audio-headers.js';

describe('dispositionOf', () => {
  it('names the file without its folders', () => {
    expect(dispositionOf('2025/05/22/1^2-abc.wav')).toBe('inline; filename="1^2-abc.wav"');
  });

  it('gives a name outside ASCII in both forms', () => {
    expect(dispositionOf('录音.wav')).toBe(
      'inline; filename="__.wav"; filename*=UTF-8\'\'%E5%BD%95%E9%9F%B3.wav',
    );
  });

  it('lets no name end the header or its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(dispositionOf(name)).toMatch(
          /^inline; filename="[\w .()+,=@^~-]*"(; filename\*=UTF-8''[\w.!~%-]*)?$/,
        );
      }),
    );
  });
});

describe('mediaTypeOf', () => {
  it('knows what calls are recorded in, and guesses nothing else', () => {
    expect(['wav', 'mp3', 'xyz'].map(mediaTypeOf)).toEqual([
      'audio/wav',
      'audio/mpeg',
      'application/octet-stream',
    ]);
  });
});
