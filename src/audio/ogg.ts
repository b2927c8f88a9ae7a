import { lengthOf, type AudioContent } from './audio-description.js';
import type { ByteWindow } from './audio-source.js';
import { textOf } from './tags.js';

/** One stream inside the file; streams may lie between each other, and one after the other. */
interface OggStream {
  readonly codec: string;
  readonly channels: number;
  readonly sampleRate: number;
  /** Positions count samples of this rate: with Opus always 48,000. */
  readonly clock: number;
  /** Positions before the sound begins. */
  readonly skipped: number;
  /** Positions that one packet takes at most. */
  readonly packetSamples: number;
  /** Where it began, after headers; undefined until a page holds sound. */
  first?: number;
  last?: number;
  /** Its beginning is not in the file, so that its positions do not start at 0. */
  isCut?: boolean;
}

const pageHeadBytes = 27;
/** A page says "no packet ends here" with all ones. */
const noPosition = 0xffff_ffff_ffff_ffffn;

/**
 * Walks all pages of an Ogg file (RFC 3533) and measures by their positions: Opus, Vorbis, Speex. Chained streams add
 * up. Damage is passed by until the next page.
 */
export async function readOgg(window: ByteWindow): Promise<AudioContent> {
  const streams = new Map<number, OggStream>();
  const ended: OggStream[] = [];
  for (let at = 0; at < window.size;) {
    const page = await window.take(at, pageHeadBytes + 255 + 64);
    if (textOf(page.subarray(0, 4)) !== 'OggS' || page.length < pageHeadBytes) {
      const next = await findPage(window, at + 1);
      if (next === undefined) break;
      at = next;
      continue;
    }
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
    const segments = page.subarray(pageHeadBytes, pageHeadBytes + page[26]!);
    const serial = view.getUint32(14, true);
    if (page[5]! & 2) {
      const known = streams.get(serial);
      if (known) ended.push(known);
      const stream = toStream(page.subarray(pageHeadBytes + page[26]!));
      if (stream) streams.set(serial, stream);
      else streams.delete(serial);
    }
    const stream = streams.get(serial);
    if (stream) notePosition(stream, view.getBigUint64(6, true), segments);
    at += pageHeadBytes + page[26]! + segments.reduce((sum, byte) => sum + byte, 0);
  }
  return toContent([...ended, ...streams.values()]);
}

function toContent(streams: readonly OggStream[]): AudioContent {
  const [stream] = streams;
  if (!stream) return {};
  const { codec, channels, sampleRate } = stream;
  const isMeasured = streams.every(({ isCut, codec: other }) => !isCut && other === codec);
  const seconds = streams.reduce((sum, { first = 0, last = 0, skipped, clock }) => {
    return sum + Math.max(0, last - first - skipped) / clock;
  }, 0);
  return { codec, channels, sampleRate, ...lengthOf(isMeasured ? seconds : undefined) };
}

/** A first page of sound holds what its packets can hold, and no more: else the stream began before the file. */
function notePosition(stream: OggStream, position: bigint, segments: Uint8Array): void {
  if (position === noPosition || position === 0n || position > BigInt(Number.MAX_SAFE_INTEGER)) return;
  const packets = segments.filter((bytes) => bytes < 255).length;
  stream.last = Number(position);
  if (stream.first !== undefined) return;
  stream.first = 0;
  stream.isCut = stream.last > (packets + 1) * stream.packetSamples + stream.skipped;
}

/** By the first packet of a stream; undefined where it holds no sound, or a codec whose positions mean something else. */
function toStream(packet: Uint8Array): OggStream | undefined {
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  const start = textOf(packet.subarray(0, 8));
  if (start === 'OpusHead' && packet.length >= 19) {
    const skipped = view.getUint16(10, true);
    // What was recorded may have had another rate; what is heard has this one.
    return {
      ...{ codec: 'opus', channels: packet[9]!, sampleRate: 48_000, clock: 48_000, skipped },
      packetSamples: 5_760,
    };
  }
  if (start.startsWith('\x01vorbis') && packet.length >= 28) {
    const sampleRate = view.getUint32(12, true);
    if (sampleRate === 0) return undefined;
    return {
      ...{ codec: 'vorbis', channels: packet[11]!, sampleRate, clock: sampleRate, skipped: 0 },
      packetSamples: 8_192,
    };
  }
  if (start === 'Speex   ' && packet.length >= 68) {
    const sampleRate = view.getUint32(36, true);
    const packetSamples = view.getUint32(56, true) * Math.max(1, view.getUint32(64, true));
    if (sampleRate === 0) return undefined;
    return {
      ...{ codec: 'speex', channels: view.getUint32(48, true), sampleRate, clock: sampleRate, skipped: 0 },
      packetSamples,
    };
  }
  return undefined;
}

async function findPage(window: ByteWindow, from: number): Promise<number | undefined> {
  const step = 64 * 1024;
  for (let at = from; at < window.size; at += step) {
    const bytes = await window.take(at, step + 3);
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('OggS', 0, 'latin1');
    if (found >= 0) return at + found;
  }
  return undefined;
}
