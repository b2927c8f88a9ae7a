import { lengthOf, type AudioContent } from './audio-description.js';
import type { ByteWindow } from './audio-source.js';
import { textOf } from './tags.js';

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Encodings of .au by number: name, and bytes of a sample; those with 0 tell no time. */
const auEncodings: Readonly<Record<number, readonly [codec: string, sampleBytes: number]>> = {
  ...{ 1: ['ulaw', 1], 2: ['pcm', 1], 3: ['pcm', 2], 4: ['pcm', 3], 5: ['pcm', 4], 6: ['float', 4] },
  ...{ 7: ['float', 8], 23: ['g721', 0.5], 27: ['alaw', 1] },
};

/** Sun and NeXT audio: a header of 24 bytes or more, then samples to the end of the file. */
export async function readAu(window: ByteWindow): Promise<AudioContent> {
  const head = await window.take(0, 24);
  if (head.length < 24) return {};
  const [start, encoding] = [viewOf(head).getUint32(4), viewOf(head).getUint32(12)];
  const [sampleRate, channels] = [viewOf(head).getUint32(16), viewOf(head).getUint32(20)];
  if (sampleRate === 0 || channels === 0 || channels > 255) return {};
  const [codec, sampleBytes] = auEncodings[encoding] ?? [`au-${encoding}`, 0];
  // What follows the size that is claimed has no chunk to be in: the file's end is that of its sound.
  const bytes = Math.max(0, window.size - start);
  const seconds = sampleBytes > 0 ? bytes / (sampleBytes * channels) / sampleRate : undefined;
  return { codec, channels, sampleRate, ...lengthOf(bytes === 0 ? 0 : seconds) };
}

/** FLAC: the stream's own count of samples, which an encoder that streams leaves at 0. */
export async function readFlac(window: ByteWindow, start: number): Promise<AudioContent> {
  const info = await window.take(start + 8, 18);
  if (info.length < 18) return {};
  const view = viewOf(info);
  const sampleRate = view.getUint32(10) >>> 12;
  const channels = ((info[12]! >> 1) & 7) + 1;
  const samples = (info[13]! & 15) * 2 ** 32 + view.getUint32(14);
  const seconds = samples > 0 ? samples / sampleRate : (await hasFlacFrames(window, start)) ? undefined : 0;
  return { codec: 'flac', channels, ...(sampleRate > 0 ? { sampleRate } : {}), ...lengthOf(seconds) };
}

async function hasFlacFrames(window: ByteWindow, start: number): Promise<boolean> {
  for (let at = start + 4, blocks = 0; blocks < 128 && at + 4 <= window.size; blocks++) {
    const head = viewOf(await window.take(at, 4)).getUint32(0);
    at += 4 + (head & 0xff_ffff);
    if (head >>> 31) return at < window.size;
  }
  return false;
}

/** Bytes of a sample that are not those of its bits: compressed forms of AIFF-C, by their four letters. */
const aiffCodecs: Readonly<Record<string, string>> = {
  ...{ NONE: 'pcm', twos: 'pcm', sowt: 'pcm', raw: 'pcm', fl32: 'float', FL32: 'float', fl64: 'float' },
  ...{ ulaw: 'ulaw', ULAW: 'ulaw', alaw: 'alaw', ALAW: 'alaw', in24: 'pcm', in32: 'pcm' },
};

/** AIFF and AIFF-C: the samples' chunk is measured where its codec has a fixed width; else its header's count holds. */
export async function readAiff(window: ByteWindow): Promise<AudioContent> {
  let common: Uint8Array | undefined;
  let bytes: number | undefined;
  for (let at = 12, chunks = 0; chunks < 1_000 && at + 8 <= window.size; chunks++) {
    const head = await window.take(at, 8);
    const size = viewOf(head).getUint32(4);
    const id = textOf(head.subarray(0, 4));
    if (id === 'COMM') common = (await window.take(at + 8, 22)).slice();
    if (id === 'SSND') bytes = Math.max(0, Math.min(size, window.size - at - 8) - 8);
    at += 8 + size + (size % 2);
  }
  if (!common || common.length < 18) return {};
  const view = viewOf(common);
  const [channels, frames, bits] = [view.getUint16(0), view.getUint32(2), view.getUint16(6)];
  // An 80-bit float; rates are whole numbers and fit the upper half of its mantissa.
  const sampleRate = view.getUint32(10) * 2 ** (view.getUint16(8) - 16_383 - 31);
  if (channels === 0 || !(sampleRate > 0 && sampleRate < 1e7)) return {};
  const form = common.length >= 22 ? textOf(common.subarray(18)).trim() : 'NONE';
  const codec = aiffCodecs[form] ?? form.toLowerCase().replace(/[^a-z0-9]/g, '');
  const frameBytes = channels * (codec.endsWith('law') ? 1 : Math.ceil(bits / 8));
  const isPlain = aiffCodecs[form] !== undefined && frameBytes > 0;
  const counted = isPlain ? (bytes ?? 0) / frameBytes : (bytes ?? 0) > 0 ? frames : 0;
  return { codec, channels, sampleRate, ...lengthOf(counted / sampleRate) };
}

/** Core Audio: a description, then chunks; the samples' own may say -1 for "to the end of the file". */
export async function readCaf(window: ByteWindow): Promise<AudioContent> {
  const head = await window.take(8, 44);
  if (head.length < 44 || textOf(head.subarray(0, 4)) !== 'desc') return {};
  const view = viewOf(head);
  const [sampleRate, form] = [view.getFloat64(12), textOf(head.subarray(20, 24)).trim()];
  const [packetBytes, packetFrames, channels] = [view.getUint32(28), view.getUint32(32), view.getUint32(36)];
  if (!(sampleRate > 0 && sampleRate < 1e7) || channels === 0 || channels > 255) return {};
  const codec = form === 'lpcm' ? 'pcm' : form.toLowerCase().replace(/[^a-z0-9]/g, '');
  let [bytes, frames]: [number, number | undefined] = [0, undefined];
  for (let at = 52, chunks = 0; chunks < 1_000 && at + 12 <= window.size; chunks++) {
    const chunk = await window.take(at, 36);
    const size = Number(viewOf(chunk).getBigInt64(4));
    const id = textOf(chunk.subarray(0, 4));
    const rest = window.size - at - 12;
    if (id === 'data') bytes = Math.max(0, (size < 0 ? rest : Math.min(size, rest)) - 4);
    if (id === 'pakt' && chunk.length >= 28) frames = Number(viewOf(chunk).getBigInt64(20));
    if (size < 0) break;
    at += 12 + size;
  }
  if (packetBytes > 0 && packetFrames > 0) frames = (bytes / packetBytes) * packetFrames;
  const seconds = bytes === 0 ? 0 : frames === undefined ? undefined : frames / sampleRate;
  return { codec, channels, sampleRate, ...lengthOf(seconds) };
}
