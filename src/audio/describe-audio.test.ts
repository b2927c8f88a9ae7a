import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  makeAdts,
  makeId3,
  makeMp3,
  makeNoise,
  makeOggPage,
  mp3Frame,
  mp3Frames,
} from '../../test/support/audio-samples.js';
import { describeAudio } from './describe-audio.js';

/** Describes a file of which only the beginning is in memory, and sees to it that nothing beyond it is asked for. */
async function describeFile(file: Uint8Array, headBytes = 64 * 1024) {
  const readAt = (start: number, length: number) => {
    expect(start).toBeLessThanOrEqual(file.length);
    expect(length).toBeLessThanOrEqual(512 * 1024);
    return Promise.resolve(file.subarray(start, start + length));
  };
  return await describeAudio({ head: file.subarray(0, headBytes), size: file.length, readAt });
}

const mp3 = { container: 'mp3', codec: 'mp3', channels: 1, sampleRate: 8000 };
const aac = { container: 'aac', codec: 'aac', channels: 1, sampleRate: 8000 };

describe('a bare stream of MPEG audio', () => {
  it('may change its bit rate with every frame', async () => {
    expect(await describeFile(mp3Frames(200, 1, 2, 3, 4, 5))).toEqual({ ...mp3, seconds: 14.4 });
  });

  it.each([
    ['zeros', Buffer.concat([Buffer.alloc(4), mp3Frames(200, 2)]), 14.4],
    ['the rest of a frame', mp3Frames(200, 2).subarray(37), 14.328],
    ['a few KB of something else', Buffer.concat([makeNoise(5_000), mp3Frames(200, 2)]), 14.4],
    ['one tag', Buffer.concat([makeId3(), mp3Frames(200, 2)]), 14.4],
    [
      'several tags with padding',
      Buffer.concat([makeId3(), makeId3(9), Buffer.alloc(99), mp3Frames(9, 2)]),
      0.648,
    ],
  ])('may begin with %s', async (_what, file, seconds) => {
    expect(await describeFile(file)).toEqual({ ...mp3, seconds });
  });

  it('may be a single frame, with or without tags', async () => {
    const tag = Buffer.concat([Buffer.from('TAG'), Buffer.alloc(125)]);
    for (const file of [mp3Frame(2), Buffer.concat([makeId3(), mp3Frame(2), tag])])
      expect(await describeFile(file)).toEqual({ ...mp3, seconds: 0.072 });
  });

  it('is measured by all of its frames, not by its first or last', async () => {
    const [low, high] = [mp3Frames(10, 1), mp3Frames(190, 8)];
    expect((await describeFile(Buffer.concat([low, high]))).seconds).toBe(14.4);
    expect((await describeFile(Buffer.concat([mp3Frames(190, 8), mp3Frames(10, 1)]))).seconds).toBe(14.4);
  });

  it('does not count a table of the stream, a tag behind it, damage, or a frame that was cut off', async () => {
    const table = mp3Frame(4);
    table.write('Xing', 13, 'latin1');
    expect((await describeFile(Buffer.concat([table, mp3Frames(100, 2)]))).seconds).toBe(7.2);
    const ape = Buffer.alloc(32 + 32);
    ape.write('APETAGEX', 32, 'latin1');
    ape.writeUInt32LE(64, 44);
    expect((await describeFile(Buffer.concat([mp3Frames(100, 2), ape]))).seconds).toBe(7.2);
    const damaged = Buffer.concat([mp3Frames(50, 2), makeNoise(999), mp3Frames(50, 3)]);
    expect((await describeFile(damaged)).seconds).toBe(7.2);
    expect((await describeFile(mp3Frames(101, 2).subarray(0, -7))).seconds).toBe(7.2);
  });

  it('has no length where most of it is no frames', async () => {
    expect(await describeFile(Buffer.concat([mp3Frames(10, 2), makeNoise(50_000)]))).toEqual(mp3);
  });

  it('may be of any version and layer, and of free format', async () => {
    expect((await describeFile(makeMp3(60))).seconds).toBeCloseTo(60, 0);
    const layer2 = Buffer.alloc(417);
    layer2.set([0xff, 0xfd, 0x80, 0xc0]);
    expect(await describeFile(Buffer.concat(Array.from({ length: 50 }, () => layer2)))).toMatchObject({
      ...{ container: 'mp3', codec: 'mp2', sampleRate: 44_100 },
      seconds: Math.round((50 * 1152 * 1000) / 44_100) / 1000,
    });
    const free = Buffer.alloc(333);
    free.set([0xff, 0xe3, 0x08, 0xc0]);
    expect(await describeFile(Buffer.concat(Array.from({ length: 50 }, () => free)))).toEqual({
      ...mp3,
      seconds: 3.6,
    });
  });

  it('is empty where it is a tag alone', async () => {
    expect(await describeFile(makeId3())).toEqual({ container: 'mp3', seconds: 0 });
  });

  it('is measured as it was made, whatever its frames and what lies in front', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 4, maxLength: 300 }),
        fc.nat({ max: 3_000 }),
        fc.integer({ min: 16, max: 70_000 }),
        async (indices, front, headBytes) => {
          const file = Buffer.concat([Buffer.alloc(front), ...indices.map(mp3Frame)]);
          const seconds = Math.round(indices.length * 72) / 1000;
          expect((await describeFile(file, headBytes)).container).toBe('mp3');
          if (front < file.length / 2) expect((await describeFile(file, headBytes)).seconds).toBe(seconds);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('AAC in ADTS', () => {
  it('is measured by its frames', async () => {
    expect(await describeFile(makeAdts(100))).toEqual({ ...aac, seconds: 12.8 });
    expect(await describeFile(Buffer.concat([makeId3(), makeAdts(100)]))).toEqual({ ...aac, seconds: 12.8 });
  });

  it('may be MPEG-2, have checksums, any rate, any channels and several blocks in a frame', async () => {
    for (const [second, third, fourth, last, seconds, sampleRate, channels] of [
      [0xf8, 0x50, 0x80, 0xfc, 100 * (1024 / 44_100), 44_100, 2],
      [0xf1, 0x70, 0x40, 0xfd, 100 * (2048 / 7_350), 7_350, 1],
      [0xf9, 0x40, 0x00, 0xfc, 100 * (1024 / 96_000), 96_000, undefined],
    ] as const) {
      const frame = Buffer.alloc(20);
      frame.set([0xff, second, third, fourth, 20 >> 3, ((20 & 7) << 5) | 0x1f, last]);
      const description = await describeFile(Buffer.concat(Array.from({ length: 100 }, () => frame)));
      expect(description).toMatchObject({ container: 'aac', codec: 'aac', sampleRate });
      expect(description.channels).toBe(channels);
      expect(description.seconds).toBeCloseTo(seconds, 2);
    }
  });
});

describe('AMR', () => {
  it.each([
    ['#!AMR\n', 0x3c, 31, 'amr', 8_000],
    ['#!AMR-WB\n', 0x44, 60, 'amrwb', 16_000],
  ])('%j is measured by its frames', async (magic, first, bytes, codec, sampleRate) => {
    const frame = Buffer.alloc(1 + bytes);
    frame[0] = first;
    const file = Buffer.concat([Buffer.from(magic), ...Array.from({ length: 50 }, () => frame)]);
    expect(await describeFile(file)).toEqual({
      container: 'amr',
      codec,
      channels: 1,
      sampleRate,
      seconds: 1,
    });
    expect((await describeFile(Buffer.from(magic))).seconds).toBe(0);
    expect((await describeFile(Buffer.concat([file, makeNoise(99)]))).seconds).toBeUndefined();
  });
});

describe('Ogg', () => {
  const opusHead = Buffer.alloc(19);
  opusHead.write('OpusHead\x01\x01', 'latin1');
  opusHead.writeUInt16LE(312, 10);
  const packets = [Buffer.alloc(80), Buffer.alloc(80)];
  const opus = (serial: number, first = 0) =>
    Buffer.concat([
      makeOggPage(serial, 2, 0n, [opusHead]),
      makeOggPage(serial, 0, 0n, [Buffer.from('OpusTags')]),
      ...Array.from({ length: 50 }, (_, page) =>
        makeOggPage(serial, 0, BigInt(first + 312 + (page + 1) * 1920), packets),
      ),
    ]);

  it('is measured by positions, chained or not', async () => {
    const told = { container: 'ogg', codec: 'opus', channels: 1, sampleRate: 48_000 };
    expect(await describeFile(opus(1))).toEqual({ ...told, seconds: 2 });
    expect(await describeFile(Buffer.concat([opus(1), makeNoise(50), opus(2)]))).toEqual({
      ...told,
      seconds: 4,
    });
  });

  it('has no length where its beginning is not in the file, and 0 where only its headers are', async () => {
    expect((await describeFile(opus(1, 9_000_000))).seconds).toBeUndefined();
    expect((await describeFile(makeOggPage(1, 2, 0n, [opusHead]))).seconds).toBe(0);
  });

  it('may hold Vorbis and Speex', async () => {
    const vorbis = Buffer.alloc(30);
    vorbis.write('\x01vorbis', 'latin1');
    vorbis[11] = 1;
    vorbis.writeUInt32LE(8_000, 12);
    const speex = Buffer.alloc(80);
    speex.write('Speex   ', 'latin1');
    speex.writeUInt32LE(8_000, 36);
    speex.writeUInt32LE(1, 48);
    speex.writeUInt32LE(160, 56);
    speex.writeUInt32LE(1, 64);
    for (const [head, codec, step] of [
      [vorbis, 'vorbis', 1_000],
      [speex, 'speex', 320],
    ] as const) {
      const pages = Array.from({ length: 50 }, (_, at) =>
        makeOggPage(1, 0, BigInt((at + 1) * step), packets),
      );
      expect(await describeFile(Buffer.concat([makeOggPage(1, 2, 0n, [head]), ...pages]))).toEqual({
        ...{ container: 'ogg', codec, channels: 1, sampleRate: 8_000 },
        seconds: (50 * step) / 8_000,
      });
    }
  });
});

describe('what nothing here knows', () => {
  it.each([
    ['A-law without a header', Buffer.alloc(80_000, 0xd5)],
    ['noise', makeNoise(160_000)],
    ['SILK', Buffer.concat([Buffer.from('\x02#!SILK_V3', 'latin1'), makeNoise(2_000)])],
    ['a ZIP', Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), makeNoise(2_000)])],
    ['a mere resemblance to a frame', Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0]), makeNoise(5_000)])],
    ['another form of RIFF', Buffer.from('RIFF\0\0\0\0AVI ', 'latin1')],
    ['nothing', Buffer.alloc(0)],
  ])('%s is unrecognised', async (_what, file) => {
    expect(await describeFile(file)).toEqual({ container: 'unrecognised' });
  });
});

it('never fails and never reads beyond the file, whatever the bytes are', async () => {
  const magic = fc.constantFrom(
    ...['RIFF\x24\0\0\0WAVEfmt ', 'RIFX\x24\0\0\0WAVEfmt ', 'ID3\x03\0\0', 'OggS\0\x02', 'fLaC\0\0\0\x22'],
    ...['\0\0\0\x18ftypM4A ', '\x1aE\xdf\xa3', '#!AMR\n', '#!AMR_MC1.0\n', '.snd', 'caff\0\x01\0\0desc', ''],
    ...['FORM\0\0\0\0AIFFCOMM', 'riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\0\0', '\xff\xe3\x18\xc0'],
  );
  await fc.assert(
    fc.asyncProperty(magic, fc.uint8Array({ maxLength: 3_000 }), async (start, rest) => {
      const file = Buffer.concat([Buffer.from(start, 'latin1'), rest]);
      const { container, seconds = 0 } = await describeFile(file, 32);
      expect(container).toBeDefined();
      expect(seconds).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 500 },
  );
});
