import type { Logger } from 'pino';
import { type AssetStorage, StorageError } from '../storage/asset-storage.js';
import type { KeptWaveform, WaveformsReader, WaveformsWriter } from '../store/waveforms.js';
import { analyseAudio, type AudioTools } from './analyse-audio.js';
import { UndecodableAudio } from './sample-reader.js';
import type { Asset } from '../domain/recording.js';
import type { Entry, JournalReader } from '../store/journal.js';

/** What the events `recording.archived` and `recording.described` tell of the bytes that were kept (store/rows/recording-events.ts makes it). */
type ArchivedRecording = Pick<Asset, 'fileName' | 'bytes' | 'container' | 'codec' | 'channels'> & {
  readonly recordingId: string;
};

/** The entries that tell of bytes to analyse: what is described anew may have a waveform now, or another. */
export const analysedTypes = ['recording.archived', 'recording.described'] as const;

/** Whether there are bytes to analyse. Entries without audio are passed by, as the analyser does: its lag in the status is 0 then. */
export async function hasUnanalysed({
  journal,
  waveforms,
  waveformsWriter,
}: {
  readonly journal: Pick<JournalReader, 'read' | 'lastSeq'>;
  readonly waveforms: Pick<WaveformsReader, 'cursor'>;
  readonly waveformsWriter: WaveformsWriter;
}): Promise<boolean> {
  const from = await waveforms.cursor();
  // Asked first: up to here, nothing will be found later that is not found now.
  const lastSeq = await journal.lastSeq();
  if (lastSeq <= from) return false;
  if ((await journal.read(from, 1, analysedTypes)).length > 0) return true;
  await waveformsWriter.keep([], lastSeq);
  return false;
}

/** The projection, which may be behind, is not asked. */
export function readArchived({ text }: Pick<Entry, 'text'>): ArchivedRecording {
  return JSON.parse(text) as ArchivedRecording;
}

export interface AnalysisDeps {
  readonly assets: Pick<AssetStorage, 'read'>;
  readonly tools: AudioTools;
  readonly log: Logger;
  /** Ends what is being read. */
  readonly signal: AbortSignal;
}

/**
 * What is to be kept of a recording: its waveform, or why there is none; undefined where its bytes are gone, because
 * somebody deleted it.
 * @throws whatever kept the bytes from coming, and nothing else: what is in a file stops nobody.
 */
export async function analyseRecording(
  recording: ArchivedRecording,
  deps: AnalysisDeps,
): Promise<KeptWaveform | undefined> {
  const bytes = new WatchedBytes(() => deps.assets.read(recording.fileName), deps.signal);
  const result = await draw(recording, bytes, deps);
  try {
    bytes.throwIfFailed();
    return result;
  } catch (error) {
    if (error instanceof StorageError && error.code === 'asset-missing') return undefined;
    throw error;
  }
}

async function draw(
  recording: ArchivedRecording,
  bytes: WatchedBytes,
  { tools, log }: AnalysisDeps,
): Promise<KeptWaveform> {
  const { recordingId } = recording;
  try {
    return { recordingId, waveform: await analyseAudio(recording, () => bytes.open(), tools) };
  } catch (error) {
    if (error instanceof UndecodableAudio) return { recordingId, reason: error.reason };
    // A decoder that gives up in its own way, or a mistake of ours: the next file is another one.
    log.debug({ err: error, recording: recordingId }, 'The audio could not be decoded.');
    return { recordingId, reason: 'broken' };
  }
}

type Bytes = AsyncIterable<Uint8Array>;

/**
 * Opens bytes and hands them on, and remembers how that failed, so that it is never mistaken for what a decoder has
 * to say of them: decoders differ in what they make of bytes that break off.
 */
class WatchedBytes {
  #failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly source: () => Promise<Bytes>,
    private readonly signal: AbortSignal,
  ) {}

  /** From the start, each time. They break off when the signal aborts. */
  async open(): Promise<Bytes> {
    try {
      this.signal.throwIfAborted();
      return this.#read(await this.source());
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** @throws what the bytes failed with, if they did. */
  throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }

  async *#read(bytes: Bytes): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of bytes) {
        this.signal.throwIfAborted();
        yield chunk;
      }
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}
