import { lengthOf, type AudioContent } from './audio-description.js';
import type { AudioSource } from './audio-source.js';
import { textOf } from './tags.js';

/** What describing one file may read. A sane one takes a few KB; a hostile one gets no more. */
const maxReadBytes = 4 * 1024 * 1024;

const mimeTypes = { m4a: 'audio/mp4', webm: 'audio/webm', wma: 'audio/x-ms-wma' } as const;

/**
 * Containers that keep an index of their own, by `music-metadata`. Its parser is read in with the first of them: a
 * start does not wait for it. What it cannot read is still the audio that its first bytes say.
 */
export async function readByParser(
  source: AudioSource,
  container: keyof typeof mimeTypes,
): Promise<AudioContent> {
  try {
    const { parseBlob } = await import('music-metadata');
    const blob = toBlob(source, mimeTypes[container]);
    const { format } = await parseBlob(blob, { skipCovers: true, skipPostHeaders: true });
    const { codec, numberOfChannels: channels, sampleRate, duration } = format;
    return {
      ...(codec === undefined ? {} : { codec: toCodecName(codec) }),
      ...(isCount(channels) ? { channels } : {}),
      ...(isCount(sampleRate) ? { sampleRate } : {}),
      ...lengthOf(isCount(duration) ? duration : await emptyOrUnknown(source, container)),
    };
  } catch {
    return lengthOf(await emptyOrUnknown(source, container));
  }
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value > 0;
}

/** 0 for an MP4 file without a box of sound; undefined for what streams, and so has no length in its header. */
async function emptyOrUnknown(source: AudioSource, container: string): Promise<number | undefined> {
  if (container !== 'm4a') return undefined;
  for (let at = 0, boxes = 0; boxes < 1_000 && at + 8 <= source.size; boxes++) {
    const head = await source.readAt(at, 16);
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    const short = view.getUint32(0);
    const size = short === 1 && head.length >= 16 ? Number(view.getBigUint64(8)) : short;
    if (textOf(head.subarray(4, 8)) === 'mdat' && (size === 0 || size > 16)) return undefined;
    if (size < 8) return undefined;
    at += size;
  }
  return 0;
}

/** `MPEG-4/AAC` → `aac`, `OPUS` → `opus`: one word, as other tools write it. */
function toCodecName(codec: string): string {
  return codec
    .slice(codec.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '');
}

/** Just enough of a Blob for the parser to read where it likes, without the file being in memory. */
function toBlob(source: AudioSource, type: string): Blob {
  let readBytes = 0;
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    if (source.head && end <= source.head.length) return source.head.subarray(start, end);
    readBytes += end - start;
    if (readBytes > maxReadBytes) throw new RangeError('the description would read too much');
    return await source.readAt(start, end - start);
  };
  const blob = {
    size: source.size,
    type,
    slice: (start: number, end: number) => ({
      arrayBuffer: async () => {
        const bytes = await read(start, end);
        return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
      },
    }),
  };
  return blob as unknown as Blob;
}
