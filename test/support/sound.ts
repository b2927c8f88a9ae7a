import { muLawSamples } from '../../src/analyse/sample-reader.js';
import type { WavCodec } from '../../src/audio/wave-format.js';
import { toALaw } from '../../src/simulator/audio/phrase-bank.js';
import { createAudio } from '../../src/simulator/audio/recording-audio.js';
import { makeCall } from '../../src/simulator/call.js';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import { completeOptions } from '../../src/simulator/simulation-options.js';

/** One stretch of a sound: a tone of 440 Hz, or noise, of an amplitude from 0 to 1. */
export interface Stretch {
  readonly seconds: number;
  readonly tone?: number;
  readonly noise?: number;
}

/** Samples from −1 to 1, the same for the same stretches. */
export function makeSound(stretches: readonly Stretch[], sampleRate = 8_000): Float32Array {
  const random = seededRandom('sound');
  const samples = stretches.flatMap(({ seconds, tone = 0, noise = 0 }) =>
    Array.from(
      { length: Math.round(seconds * sampleRate) },
      (_, i) => tone * Math.sin((2 * Math.PI * 440 * i) / sampleRate) + noise * (2 * random() - 1),
    ),
  );
  return Float32Array.from(samples);
}

export interface WavForm {
  readonly codec?: WavCodec;
  readonly bits?: 8 | 16 | 24 | 32 | 64;
  readonly sampleRate?: number;
  /** What the header says of the samples' bytes, where it is not the truth. */
  readonly claimedDataBytes?: number;
  /** Chunks between the format and the samples. */
  readonly between?: Uint8Array;
}

/** A WAV file of channels of equal length. */
export function encodeWav(channels: readonly Float32Array[], form: WavForm = {}): Buffer {
  const { codec = 'pcm', bits = codec.endsWith('law') ? 8 : 16, sampleRate = 8_000 } = form;
  const frames = channels[0]?.length ?? 0;
  const frameBytes = (channels.length * bits) / 8;
  const data = Buffer.alloc(frames * frameBytes);
  const write = writers[`${codec}-${bits}`]!;
  channels.forEach((channel, index) => {
    channel.forEach((sample, frame) => {
      write(data, sample, frame * frameBytes + (index * bits) / 8);
    });
  });
  const format = Buffer.alloc(24);
  format.write('fmt ', 0, 'latin1');
  format.writeUInt32LE(16, 4);
  format.writeUInt16LE({ pcm: 1, float: 3, alaw: 6, ulaw: 7 }[codec], 8);
  format.writeUInt16LE(channels.length, 10);
  format.writeUInt32LE(sampleRate, 12);
  format.writeUInt32LE(sampleRate * frameBytes, 16);
  format.writeUInt16LE(frameBytes, 20);
  format.writeUInt16LE(bits, 22);
  const head = Buffer.from('RIFF\0\0\0\0WAVE', 'latin1');
  const dataHead = Buffer.from('data\0\0\0\0', 'latin1');
  dataHead.writeUInt32LE(form.claimedDataBytes ?? data.length, 4);
  return Buffer.concat([head, format, form.between ?? Buffer.alloc(0), dataHead, data]);
}

type WriteSample = (data: Buffer, sample: number, at: number) => void;

function toWhole(sample: number, bits: number): number {
  const full = 2 ** (bits - 1);
  return Math.max(-full, Math.min(full - 1, Math.round(sample * full)));
}

const writers: Readonly<Record<string, WriteSample>> = {
  'pcm-8': (data, sample, at) => data.writeUInt8(toWhole(sample, 8) + 128, at),
  'pcm-16': (data, sample, at) => data.writeInt16LE(toWhole(sample, 16), at),
  'pcm-24': (data, sample, at) => data.writeIntLE(toWhole(sample, 24), at, 3),
  'pcm-32': (data, sample, at) => data.writeInt32LE(toWhole(sample, 32), at),
  'float-32': (data, sample, at) => data.writeFloatLE(sample, at),
  'float-64': (data, sample, at) => data.writeDoubleLE(sample, at),
  'alaw-8': (data, sample, at) => data.writeUInt8(toALaw(toWhole(sample, 16)), at),
  'ulaw-8': (data, sample, at) => data.writeUInt8(toMuLaw(sample), at),
};

/** The byte that comes nearest. */
function toMuLaw(sample: number): number {
  let nearest = 0;
  for (let byte = 1; byte < 256; byte++) {
    if (Math.abs(muLawSamples[byte]! - sample) < Math.abs(muLawSamples[nearest]! - sample)) nearest = byte;
  }
  return nearest;
}

/** Ten seconds of two parties talking: as WAV what test/samples has as MP3. */
export function makeConversation(
  form: { readonly codec?: 'alaw' | 'pcm'; readonly channels?: 1 | 2 } = {},
): Buffer {
  const call = makeCall(completeOptions({ to: 'http://127.0.0.1', calls: 4, rate: 1 }), 5, 3, 0);
  const audio = createAudio(5)({ ...call, codec: 'pcm', channels: 2, ...form, durationSeconds: 10 });
  return Buffer.concat([...audio.read()]);
}

/** As storage would give it: pieces of these lengths, in turn. */
export async function* inPieces(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const length = lengths[turn % lengths.length]!;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}
