import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeMp3, makeWav } from '../../test/support/audio-samples.js';
import { describeAudio } from './describe-audio.js';
import { describePage, describeXmlError, sniffAudio } from './sniff-audio.js';

/** Describes a file of which only the beginning is in memory, and counts what was read besides. */
async function describeFile(file: Uint8Array, headBytes = 256 * 1024) {
  let readBytes = 0;
  const readAt = (start: number, length: number) => {
    readBytes += length;
    return Promise.resolve(file.subarray(start, start + length));
  };
  const description = await describeAudio({ head: file.subarray(0, headBytes), size: file.length, readAt });
  return { description, readBytes };
}

describe('the description of audio', () => {
  it.each([
    [6, 'alaw', 1, 8000],
    [6, 'alaw', 2, 8000],
    [7, 'ulaw', 1, 8000],
    [1, 'pcm', 2, 16_000],
  ] as const)(
    'tells a WAV of format %i (%s), %i channels, %i Hz',
    async (format, codec, channels, sampleRate) => {
      const { description } = await describeFile(makeWav({ seconds: 12.5, format, channels, sampleRate }));
      expect(description).toEqual({ container: 'wav', codec, channels, sampleRate, seconds: 12.5 });
    },
  );

  it('tells the length of a file from its beginning and its size', async () => {
    const { description, readBytes } = await describeFile(makeWav({ seconds: 600 }), 4096);
    expect(description?.seconds).toBe(600);
    expect(readBytes).toBeLessThan(4096);
  });

  it.each([0xffff_ffff, 0x7fff_ffff, 0])(
    'tells the length of a WAV that was streamed (data size %i)',
    async (claimed) => {
      const { description } = await describeFile(makeWav({ seconds: 10, claimedDataBytes: claimed }));
      expect(description?.seconds).toBe(10);
    },
  );

  it('does not count what lies behind the samples', async () => {
    const file = Buffer.concat([
      makeWav({ seconds: 10 }),
      Buffer.from('LIST\x10\0\0\0' + 'INFO'.repeat(4), 'latin1'),
    ]);
    expect((await describeFile(file)).description?.seconds).toBe(10);
  });

  it('finds the samples behind other chunks, near or far', async () => {
    const plain = makeWav({ seconds: 10 });
    for (const length of [7, 300_000]) {
      const chunk = Buffer.alloc(8 + length + (length % 2));
      chunk.write('junk');
      chunk.writeUInt32LE(length, 4);
      const file = Buffer.concat([plain.subarray(0, 36), chunk, plain.subarray(36)]);
      file.writeUInt32LE(file.length - 8, 4);
      expect((await describeFile(file)).description).toMatchObject({ codec: 'alaw', seconds: 10 });
    }
  });

  it('leaves compressed samples to the general parser', async () => {
    const file = makeWav({ seconds: 10 });
    file.writeUInt16LE(0x31, 20);
    expect((await describeFile(file)).description).toMatchObject({ container: 'wav', codec: 'gsm610' });
  });

  it('knows an MP3 by its bytes, whatever it is called', async () => {
    const { description } = await describeFile(makeMp3(60));
    expect(description).toMatchObject({ container: 'mp3', codec: 'mp3', channels: 1, sampleRate: 44_100 });
    expect(description?.seconds).toBeCloseTo(60, 0);
    const tagged = Buffer.concat([
      Buffer.from('ID3\x04\0\0\0\0\0\x0a' + '\0'.repeat(10), 'latin1'),
      makeMp3(5),
    ]);
    expect((await describeFile(tagged)).description).toMatchObject({ container: 'mp3', sampleRate: 44_100 });
  });

  it('accepts audio whose inside cannot be read, but not a mere resemblance', async () => {
    expect((await describeFile(Buffer.from('RIFF\0\0\0\0WAVEgarbage'))).description).toEqual({
      container: 'wav',
    });
    const noise = Buffer.alloc(5_000, 0x55);
    noise.set([0xff, 0xfb, 0x90, 0x00]);
    expect((await describeFile(noise)).description).toBeUndefined();
  });

  it('never fails and never reads without bound, whatever the bytes are', async () => {
    const magic = fc.constantFrom(
      'RIFF\x24\0\0\0WAVEfmt ',
      'ID3\x03\0\0',
      'OggS',
      'fLaC',
      '\0\0\0\x18ftypM4A ',
      '\x1aE\xdf\xa3',
    );
    await fc.assert(
      fc.asyncProperty(magic, fc.uint8Array({ maxLength: 3_000 }), async (start, rest) => {
        const file = Buffer.concat([Buffer.from(start, 'latin1'), rest]);
        const { description, readBytes } = await describeFile(file, 512);
        expect(description?.container).toBeDefined();
        expect(readBytes).toBeLessThan(5 * 1024 * 1024);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['ogg', 'OggS\0'],
    ['flac', 'fLaC\0'],
    ['amr', '#!AMR\n'],
    ['m4a', '\0\0\0\x20ftypisom'],
    ['aiff', 'FORM\0\0\0\0AIFF'],
    ['aac', '\xff\xf1\x50\x80'],
  ])('tells %s by its magic bytes', (container, start) => {
    expect(sniffAudio(Buffer.from(start, 'latin1'))).toBe(container);
  });
});

describe('what is no audio', () => {
  it.each(['', '<html>', '{"code":1}', 'RIFF\0\0\0\0AVI ', '\xff\xff\xff\xff', '\xff\xfb', 'hello'])(
    '%j',
    async (text) => {
      expect((await describeFile(Buffer.from(text, 'latin1'))).description).toBeUndefined();
    },
  );

  it('says what it is where it is a page', () => {
    expect(describePage(Buffer.from('\ufeff \n<!DOCTYPE html><p>busy'))).toBe('an HTML page');
    expect(describePage(Buffer.from('<?xml version="1.0"?><a/>'))).toBe('an XML page');
    expect(describePage(Buffer.from('<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>'))).toBe(
      'NoSuchKey: gone',
    );
    expect(describePage(Buffer.from('RIFF'))).toBeUndefined();
  });

  it('never repeats a link', () => {
    const text =
      '<Code>X</Code><Message>see https://h.example/a?Signature=geheim or /a?Signature=geheim\r\n</Message>';
    expect(describeXmlError(text)).toBe('X: see [link] or /a?[query]  ');
  });
});
