import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encodeWav, inPieces, makeConversation } from '../../test/support/sound.js';
import type { Waveform } from '../store/waveforms.js';
import { analyseAudio, type AudioForm } from './analyse-audio.js';

const sample = (name: string): Buffer => readFileSync(new URL(`../../test/samples/${name}`, import.meta.url));
const stereo = sample('conversation-stereo.mp3');
const mono = sample('conversation-mono.mp3');

const ffmpeg = ['/usr/bin/ffmpeg', '/usr/local/bin/ffmpeg'].find(existsSync);
const withFfmpeg = ffmpeg === undefined ? {} : { ffmpeg };

function analyse(bytes: Uint8Array, form: Partial<AudioForm>, tools: { readonly ffmpeg?: string } = {}) {
  const open = () => Promise.resolve(inPieces(bytes, [5_000]));
  return analyseAudio({ container: 'wav', bytes: bytes.length, ...form }, open, tools);
}

function expectSameSpeech(found: Waveform, expected: Waveform): void {
  expect(found.channels).toHaveLength(expected.channels.length);
  found.channels.forEach(({ speech }, index) => {
    const others = expected.channels[index]!.speech;
    expect(speech).toHaveLength(others.length);
    speech.forEach((segment, place) => {
      // A coder adds up to a tenth of a second of its own at the beginning.
      segment.forEach((seconds, end) => expect(Math.abs(seconds - others[place]![end]!)).toBeLessThan(0.25));
    });
  });
}

describe('an MP3', () => {
  it('gives the waveform of the sound that it was made of, of one channel or two', async () => {
    const form = { container: 'mp3', codec: 'mp3' };
    const found = await analyse(stereo, { ...form, channels: 2 });
    expect(found.seconds).toBeCloseTo(10.15, 1);
    expectSameSpeech(found, await analyse(makeConversation(), {}));
    expectSameSpeech(
      await analyse(mono, { ...form, channels: 1 }),
      await analyse(makeConversation({ channels: 1 }), {}),
    );
  });

  it('is read behind the header of a WAV file', async () => {
    const head = encodeWav([new Float32Array(0)], { claimedDataBytes: stereo.length });
    head.writeUInt16LE(0x55, 20);
    const found = await analyse(Buffer.concat([head, stereo]), { codec: 'mp3', channels: 2 });
    expect(found.seconds).toBeCloseTo(10.15, 1);
  });

  it('is decoded around what is damaged in it', async () => {
    const damaged = Buffer.from(stereo);
    damaged.fill(0xa5, 8_000, 8_500);
    const { seconds } = await analyse(damaged, { container: 'mp3', channels: 2 });
    expect(Math.abs(seconds - 10)).toBeLessThan(1);
  });

  it('that has no frame is broken', async () => {
    const nothing = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\0', 'latin1'), Buffer.alloc(20_000)]);
    await expect(analyse(nothing, { container: 'mp3' })).rejects.toMatchObject({ reason: 'broken' });
  });
});

describe('what nothing here decodes', () => {
  it('is refused where ffmpeg is not there', async () => {
    await expect(analyse(Buffer.from('OggS'), { container: 'ogg' })).rejects.toMatchObject({
      reason: 'unsupported',
    });
    const compressed = encodeWav([new Float32Array(100)]);
    compressed.writeUInt16LE(0x11, 20);
    await expect(analyse(compressed, {})).rejects.toMatchObject({ reason: 'unsupported' });
  });

  it('is refused where ffmpeg cannot be started', async () => {
    const nowhere = { ffmpeg: '/nowhere/ffmpeg' };
    await expect(analyse(stereo, { container: 'ogg' }, nowhere)).rejects.toMatchObject({
      reason: 'unsupported',
    });
  });
});

describe.skipIf(ffmpeg === undefined)('what ffmpeg decodes', () => {
  /** The conversation in another form. */
  const convert = (...args: readonly string[]): Buffer =>
    execFileSync(ffmpeg!, ['-loglevel', 'error', '-i', 'pipe:0', ...args, 'pipe:1'], {
      input: makeConversation(),
    });

  it.each([
    { container: 'flac', args: ['-f', 'flac'] },
    { container: 'ogg', args: ['-f', 'ogg', '-c:a', 'libopus'] },
    { container: 'aac', args: ['-f', 'adts'] },
    { container: 'wav', args: ['-f', 'wav', '-c:a', 'adpcm_ima_wav'] },
  ])('gives its waveform: $container ($args)', async ({ container, args }) => {
    const found = await analyse(convert(...args), { container }, withFfmpeg);
    expect(Math.abs(found.seconds - 10)).toBeLessThan(0.3);
    expectSameSpeech(found, await analyse(makeConversation(), {}));
  });

  it('is refused where it decodes nothing', async () => {
    const refused = analyse(Buffer.alloc(100_000, 'no audio '), { container: 'ogg' }, withFfmpeg);
    await expect(refused).rejects.toMatchObject({ reason: 'unsupported' });
  });

  it('reaches nothing but its input', async () => {
    const playlist = Buffer.from('#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n');
    await expect(analyse(playlist, { container: 'ogg' }, withFfmpeg)).rejects.toMatchObject({
      reason: 'unsupported',
    });
  });
});
