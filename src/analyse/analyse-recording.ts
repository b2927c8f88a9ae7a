import type { Logger } from 'pino';
import type { AssetStorage } from '../storage/asset-storage.js';
import { StorageError } from '../storage/storage-error.js';
import type { KeptWaveform } from '../store/waveforms.js';
import { analyseAudio, type AudioTools } from './analyse-audio.js';
import type { ArchivedRecording } from './archived-recording.js';
import { UndecodableAudio } from './undecodable-audio.js';
import { WatchedBytes } from './watched-bytes.js';

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
