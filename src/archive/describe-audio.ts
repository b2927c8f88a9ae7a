import { parseBlob } from 'music-metadata';
import { readWavHeader } from '../domain/wav-header.js';
import { sniffAudio, type AudioContainer } from './sniff-audio.js';

export interface AudioSource {
  /** The beginning of the file, held in memory; all of it where the file is small. */
  readonly head: Uint8Array;
  readonly size: number;
  /** Reads what the head does not hold: some formats keep their index, or their length, at the end. */
  readonly readAt: (start: number, length: number) => Promise<Uint8Array>;
}

export interface AudioDescription {
  readonly container: AudioContainer;
  readonly codec?: string;
  readonly channels?: number;
  readonly sampleRate?: number;
  /** To the millisecond. */
  readonly seconds?: number;
}

/** What describing one file may read besides its head. A sane one takes a few KB; a hostile one gets no more. */
const maxReadBytes = 4 * 1024 * 1024;

const mimeTypes: Readonly<Record<AudioContainer, string | undefined>> = {
  wav: 'audio/wav',
  mp3: 'audio/mpeg',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  m4a: 'audio/mp4',
  webm: 'audio/webm',
  aiff: 'audio/aiff',
  wma: 'audio/x-ms-wma',
  // No parser knows these two; their magic bytes are all we say of them.
  amr: undefined,
  au: undefined,
};

/**
 * Describes audio by its bytes; undefined where they are no audio. A file whose magic bytes are plain but whose
 * inside cannot be read is still audio, only not described further: it is what the sender stored, and refusing it
 * would lose it. A bare MPEG frame is too weak a sign for that: there the parser must agree.
 */
export async function describeAudio(source: AudioSource): Promise<AudioDescription | undefined> {
  const container = sniffAudio(source.head);
  if (!container) return undefined;
  const wav = container === 'wav' ? readWavHeader(source.head, source.size) : undefined;
  if (wav) return { container, ...wav };
  const mimeType = mimeTypes[container];
  if (mimeType === undefined)
    return container === 'amr' ? { container, codec: 'amr', channels: 1 } : { container };
  const found = await parse(source, mimeType);
  const isSure = source.head[0] !== 0xff;
  if (found?.seconds === undefined && !isSure) return undefined;
  return { container, ...found };
}

async function parse(
  source: AudioSource,
  mimeType: string,
): Promise<Omit<AudioDescription, 'container'> | undefined> {
  try {
    const { format } = await parseBlob(toBlob(source, mimeType), { skipCovers: true, skipPostHeaders: true });
    const { codec, numberOfChannels: channels, sampleRate, duration } = format;
    return {
      ...(codec === undefined ? {} : { codec: toCodecName(codec) }),
      ...(isCount(channels) ? { channels } : {}),
      ...(isCount(sampleRate) ? { sampleRate } : {}),
      ...(isCount(duration) ? { seconds: Math.round(duration * 1000) / 1000 } : {}),
    };
  } catch {
    return undefined;
  }
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isFinite(value) && value > 0;
}

/** `PCM` → `pcm`, `MPEG 2 Layer 3` → `mp3`, `A-Law` → `alaw`: one word, as other tools write it. */
function toCodecName(codec: string): string {
  if (/layer ?(3|iii)/i.test(codec)) return 'mp3';
  const word = codec.toLowerCase().replace(/[^a-z0-9]+/g, '');
  return word === 'mulaw' ? 'ulaw' : word;
}

/** Just enough of a Blob for the parser to read where it likes, without the file being in memory. */
function toBlob(source: AudioSource, type: string): Blob {
  let readBytes = 0;
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    if (end <= source.head.length) return source.head.subarray(start, end);
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
