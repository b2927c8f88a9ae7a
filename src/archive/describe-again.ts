import type { AudioDescription } from '../audio/audio-description.js';
import { describeAudio } from '../audio/describe-audio.js';
import type { Clock } from '../domain/clock.js';
import { type RecordingFlag, findRecordingFlags } from '../domain/flags.js';
import type { Asset } from '../domain/recording.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import type { CallsReader } from '../store/calls.js';
import type {
  Recording,
  RecordingPosition,
  RecordingsReader,
  RecordingsWriter,
} from '../store/recordings.js';

export interface DescribeAgainDeps {
  readonly recordings: Pick<RecordingsReader, 'list'>;
  readonly recordingsWriter: Pick<RecordingsWriter, 'describe'>;
  readonly calls: Pick<CallsReader, 'get'>;
  readonly storage: Pick<AssetStorage, 'read' | 'size'>;
  readonly clock: Clock;
}

/** A recording as it was told before and is told now. */
export interface Redescribed {
  readonly recordingId: string;
  readonly callId: string;
  readonly fileName: string;
  readonly outcome: 'same' | 'changed' | 'unreadable';
  readonly before: AudioTold;
  /** Where it is another. */
  readonly after?: AudioTold;
}

type AudioTold = AudioDescriptionOf & { readonly flags: readonly RecordingFlag[] };
type AudioDescriptionOf = Pick<Asset, 'container' | 'codec' | 'channels' | 'sampleRate' | 'seconds'>;

const pageSize = 200;

/**
 * Describes every archived recording as this version does, in the order of the deadlines. What changed is told to the
 * journal, which the projection follows; files and their names stay. A file that is missing, or has another size, is
 * left alone: it is not what was described.
 */
export async function* describeAgain(deps: DescribeAgainDeps): AsyncGenerator<Redescribed> {
  let after: RecordingPosition | undefined;
  do {
    const page = await deps.recordings.list({
      state: 'archived',
      limit: pageSize,
      ...(after ? { after } : {}),
    });
    for (const recording of page.items) {
      if (recording.asset) yield await describeOne(recording, recording.asset, deps);
    }
    after = page.next;
  } while (after);
}

async function describeOne(
  { id, callId, flags }: Recording,
  asset: Asset,
  { recordingsWriter, calls, storage, clock }: DescribeAgainDeps,
): Promise<Redescribed> {
  const before = { ...toDescription(asset), flags };
  const told = { recordingId: id, callId, fileName: asset.fileName, before };
  const audio = await read(asset, storage);
  if (!audio) return { ...told, outcome: 'unreadable' };
  const after = { ...audio, flags: findRecordingFlags(audio, (await calls.get(callId))?.durationSeconds) };
  if (JSON.stringify(after) === JSON.stringify(before)) return { ...told, outcome: 'same' };
  const { bytes, sha256, archivedAt, fileName } = asset;
  const described = { bytes, sha256, ...audio, archivedAt, fileName };
  await recordingsWriter.describe(id, { asset: described, flags: after.flags }, clock());
  return { ...told, outcome: 'changed', after };
}

async function read(
  asset: Asset,
  storage: DescribeAgainDeps['storage'],
): Promise<AudioDescriptionOf | undefined> {
  try {
    if ((await storage.size(asset.fileName)) !== asset.bytes) return undefined;
    const readAt = async (start: number, length: number): Promise<Uint8Array> => {
      const end = Math.min(start + length, asset.bytes) - 1;
      const chunks: Uint8Array[] = [];
      for await (const chunk of await storage.read(asset.fileName, { start, end }))
        chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks);
    };
    return toDescription(await describeAudio({ size: asset.bytes, readAt }));
  } catch {
    return undefined;
  }
}

/** In one order of members, so that two can be compared as text. */
function toDescription({
  container,
  codec,
  channels,
  sampleRate,
  seconds,
}: AudioDescription | Asset): AudioDescriptionOf {
  return {
    container,
    ...(codec === undefined ? {} : { codec }),
    ...(channels === undefined ? {} : { channels }),
    ...(sampleRate === undefined ? {} : { sampleRate }),
    ...(seconds === undefined ? {} : { seconds }),
  };
}
