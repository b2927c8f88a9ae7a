import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeChunk, makeNoise, makeWav, makeWave, mp3Frames } from '../../test/support/audio-samples.js';
import { decodeWav } from '../analyse/wav-samples.js';
import { describeAudio } from './describe-audio.js';

async function describeFile(file: Uint8Array, headBytes = 64 * 1024) {
  const readAt = (start: number, length: number) => Promise.resolve(file.subarray(start, start + length));
  return await describeAudio({ head: file.subarray(0, headBytes), size: file.length, readAt });
}

const secondsOf = async (file: Uint8Array) => (await describeFile(file)).seconds;

/** How much of it the waveform's decoder hears. */
async function secondsHeard(file: Buffer): Promise<number> {
  let frames = 0;
  const pieces = [file.subarray(0, 999), file.subarray(999)];
  for await (const { channels } of decodeWav(toStream(pieces), file.length)) frames += channels[0]!.length;
  return frames / 8000;
}

async function* toStream(pieces: readonly Uint8Array[]) {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

const pcm = (data: Uint8Array, claimedDataBytes = data.length) =>
  makeWave({ tag: 1, blockAlign: 2, bits: 16, data, claimedDataBytes });
const list = makeChunk('LIST', Buffer.from('INFOISFT\x04\0\0\0rec\0', 'latin1'));

describe('a WAV file', () => {
  it.each([
    [6, 'alaw', 1, 8000],
    [6, 'alaw', 2, 8000],
    [7, 'ulaw', 1, 8000],
    [1, 'pcm', 2, 16_000],
  ] as const)('of format %i is %s, %i channels, %i Hz', async (format, codec, channels, sampleRate) => {
    const file = makeWav({ seconds: 12.5, format, channels, sampleRate });
    expect(await describeFile(file)).toEqual({
      container: 'wav',
      codec,
      channels,
      sampleRate,
      seconds: 12.5,
    });
  });

  it('has its samples behind other chunks, near or far', async () => {
    for (const length of [7, 300_000]) {
      const before = makeChunk('junk', Buffer.alloc(length));
      const file = makeWave({ tag: 6, blockAlign: 1, bits: 8, before, data: makeNoise(80_000) });
      expect(await secondsOf(file)).toBe(10);
    }
  });

  it('may be big-endian, RF64 or Wave64', async () => {
    const data = makeNoise(160_000);
    const told = { codec: 'pcm', channels: 1, sampleRate: 8000, seconds: 10 };
    const rifx = makeWave({ tag: 1, blockAlign: 2, bits: 16, data, isBig: true });
    expect(await describeFile(rifx)).toEqual({ container: 'rifx', ...told });

    const ds64 = Buffer.alloc(28);
    ds64.writeBigUInt64LE(160_000n, 8);
    const rf64 = Buffer.concat([
      Buffer.from('RF64\xff\xff\xff\xffWAVE', 'latin1'),
      makeChunk('ds64', ds64),
      pcm(data, 0xffff_ffff).subarray(12),
      list,
    ]);
    expect(await describeFile(rf64)).toEqual({ container: 'wav', ...told });

    const guid = (id: string) => Buffer.from(`${id}\xf3\xac\xd3\x11\x8c\xd1\0\xc0\x4f\x8e\xdb\x8a`, 'latin1');
    const size = (bytes: number) => {
      const field = Buffer.alloc(8);
      field.writeBigUInt64LE(BigInt(bytes + 24));
      return field;
    };
    const w64 = Buffer.concat([
      Buffer.from('riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0', 'latin1'),
      ...[size(0), guid('wave'), guid('fmt '), size(16), pcm(data).subarray(20, 36)],
      ...[guid('data'), size(data.length), data],
    ]);
    expect(await describeFile(w64)).toEqual({ container: 'w64', ...told });
  });

  it.each([0xffff_ffff, 0x7fff_ffff, 0, 999_999])(
    'is measured where it was streamed (size %i)',
    async (claimed) => {
      const file = pcm(makeNoise(160_000), claimed);
      expect(await secondsOf(file)).toBe(10);
      expect(await secondsHeard(file)).toBe(10);
    },
  );

  it('goes on as sound where its header was never brought up to date', async () => {
    const file = pcm(makeNoise(160_000), 16_000);
    expect(await secondsOf(file)).toBe(10);
    expect(await secondsHeard(file)).toBe(10);
  });

  it.each([
    ['a chunk', list],
    ['a chunk at an odd place', Buffer.concat([Buffer.alloc(1), list])],
    ['an ID3 tag', Buffer.from('ID3\x03\0\0\0\0\0\x20' + 'x'.repeat(32), 'latin1')],
    ['a few zeros', Buffer.alloc(468)],
    ['less than a frame', Buffer.from([9])],
  ])('ends where %s follows', async (_what, tail) => {
    const file = Buffer.concat([pcm(makeNoise(160_000)), tail]);
    expect(await secondsOf(file)).toBe(10);
    expect(await secondsHeard(file)).toBe(10);
  });

  it.each([
    ['a data size of 0', pcm(Buffer.alloc(0))],
    ['a data size of all ones', pcm(Buffer.alloc(0), 0xffff_ffff)],
    ['the size that was meant', pcm(Buffer.alloc(0), 160_000)],
    ['no chunk for samples', pcm(Buffer.alloc(0)).subarray(0, -8)],
    [
      'other chunks behind 0',
      Buffer.concat([pcm(Buffer.alloc(0)), list, makeChunk('JUNK', Buffer.alloc(4000))]),
    ],
    ['other chunks behind all ones', Buffer.concat([pcm(Buffer.alloc(0), 0xffff_ffff), list])],
    ['another chunk instead', Buffer.concat([pcm(Buffer.alloc(0)).subarray(0, -8), list])],
  ])('is empty with %s', async (_what, file) => {
    expect(await describeFile(file)).toMatchObject({ container: 'wav', codec: 'pcm', seconds: 0 });
    expect(await secondsHeard(file).catch(() => 0)).toBe(0);
  });

  it('whose inside cannot be read is a WAV all the same', async () => {
    expect(await describeFile(Buffer.from('RIFF\0\0\0\0WAVEgarbage'))).toEqual({ container: 'wav' });
  });
});

describe('the length of a codec with blocks', () => {
  const gsm = { tag: 0x31, bytesPerSecond: 1625, blockAlign: 65, bits: 0, extra: [0x40, 1] };
  const ima = { tag: 0x11, bytesPerSecond: 4055, blockAlign: 256, bits: 4, extra: [0xf9, 1] };
  const fact = (count: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(count);
    return makeChunk('fact', bytes);
  };
  const data = makeNoise(97_500);

  it('is that of its blocks', async () => {
    expect(await describeFile(makeWave({ ...gsm, data }))).toMatchObject({ codec: 'gsm610', seconds: 60 });
    const imaFile = makeWave({ ...ima, data: makeNoise(243_200) });
    expect(await describeFile(imaFile)).toMatchObject({ codec: 'imaadpcm', seconds: 59.969 });
    const ms = { tag: 2, blockAlign: 256, bits: 4, bytesPerSecond: 4096, data: makeNoise(256 * 100) };
    expect(await describeFile(makeWave(ms))).toMatchObject({ codec: 'msadpcm', seconds: 6.25 });
    const g726 = { tag: 0x45, blockAlign: 1, bits: 4, bytesPerSecond: 4000, data: makeNoise(40_000) };
    expect(await describeFile(makeWave(g726))).toMatchObject({ codec: 'g726', seconds: 10 });
  });

  it('is that of a count which fits, and of no other', async () => {
    expect(await secondsOf(makeWave({ ...gsm, data, before: fact(479_900) }))).toBe(59.988);
    for (const count of [0, 1, 480_321, 0xffff_ffff])
      expect(await secondsOf(makeWave({ ...gsm, data, before: fact(count) }))).toBe(60);
  });

  it('is that of bytes by bytes of a second where the blocks cannot be true, or absent', async () => {
    const broken = { ...ima, blockAlign: 1, data: makeNoise(40_550) };
    expect(await secondsOf(makeWave(broken))).toBe(10);
    expect(await secondsOf(makeWave({ ...broken, bytesPerSecond: 0 }))).toBeUndefined();
    const unknown = { tag: 0x1234, blockAlign: 20, bits: 0, bytesPerSecond: 1000, data: makeNoise(10_000) };
    expect(await describeFile(makeWave(unknown))).toMatchObject({ codec: '0x1234', seconds: 10 });
  });

  it('asks of G.711 and PCM, too, whether the header can be true', async () => {
    const law = { tag: 6, blockAlign: 2, bits: 16, bytesPerSecond: 16_000, data: makeNoise(80_000) };
    expect(await secondsOf(makeWave(law))).toBe(10);
    const one = { tag: 1, blockAlign: 1, bits: 16, bytesPerSecond: 16_000, data: makeNoise(160_000) };
    expect(await secondsOf(makeWave(one))).toBe(10);
    expect(await secondsOf(makeWave({ ...one, bytesPerSecond: 77 }))).toBeUndefined();
  });

  it('is that of the frames where an MP3 lies in a WAV', async () => {
    const file = makeWave({
      tag: 0x55,
      blockAlign: 1,
      bits: 0,
      bytesPerSecond: 1,
      data: mp3Frames(200, 1, 8),
    });
    expect(await describeFile(file)).toMatchObject({ container: 'wav', codec: 'mp3', seconds: 14.4 });
  });

  it('is what was made, whatever was made', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom<[number, number, number]>([6, 1, 8], [7, 1, 8], [1, 2, 16], [1, 3, 24], [3, 4, 32]),
        fc.integer({ min: 1, max: 4 }),
        fc.nat({ max: 20_000 }),
        fc.constantFrom('right', 'zero', 'ones', 'too small', 'too large'),
        async ([tag, sampleBytes, bits], channels, frames, claim) => {
          const blockAlign = sampleBytes * channels;
          const samples = makeNoise(frames * blockAlign);
          const claims = { zero: 0, ones: 0xffff_ffff, 'too small': samples.length >> 1, 'too large': 1e9 };
          const claimedDataBytes = claim === 'right' ? samples.length : claims[claim];
          const wave = { tag, channels, blockAlign, bits, data: samples, claimedDataBytes };
          const file = makeWave(wave).subarray(0, 46 + samples.length);
          // Less than a few samples behind a header's claim is no proof that it is wrong.
          if (frames < 16) return;
          const seconds = (await secondsOf(file)) ?? Infinity;
          expect(Math.abs(seconds - frames / 8000)).toBeLessThan(0.000_501);
        },
      ),
      { numRuns: 300 },
    );
  });
});
