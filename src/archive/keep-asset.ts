import type { AudioDescription } from '../audio/audio-description.js';
import { describeAudio } from '../audio/describe-audio.js';
import { toAssetFileName, toSafeId } from '../domain/asset-file-name.js';
import type { Clock } from '../domain/clock.js';
import { findRecordingFlags } from '../domain/flags.js';
import { type AssetDraft, type Drafts, StorageError } from '../storage/asset-storage.js';
import type { ClaimedDownload } from '../store/recordings.js';
import type { ArchiverSettings } from './archiver-settings.js';
import { DownloadFailure } from './classify-failure.js';
import { unpack } from './content-coding.js';
import type { DownloadResult } from './verdict.js';
import type { WholeBytes } from './whole-bytes.js';

export interface KeepDeps {
  readonly clock: Clock;
  readonly settings: Pick<ArchiverSettings, 'timeZone' | 'maxBytes'>;
  readonly storage: Pick<Drafts, 'openDraft'>;
  /** The bytes are a recording: whatever fails from here on, they need not be sent again. */
  readonly onWhole: (whole: WholeBytes) => void;
}

/** A draft and what it holds. */
interface Described {
  readonly draft: AssetDraft;
  readonly whole: WholeBytes;
  readonly audio: AudioDescription;
}

/**
 * Describes, names and commits bytes that are all there. A page or an error document is refused; anything else is a
 * recording, whether or not we know what it is. What its storage keeps packed is unpacked, and that is archived.
 */
export async function keepAsset(
  claimed: ClaimedDownload,
  draft: AssetDraft,
  whole: WholeBytes,
  signal: AbortSignal,
  deps: KeepDeps,
): Promise<DownloadResult> {
  refuseDocument(whole);
  deps.onWhole(whole);
  const asSent = await describe(draft, whole, signal);
  const isUnknown = asSent.audio.container === 'unrecognised';
  const unpacked = isUnknown ? await openUnpacked(claimed, asSent, signal, deps) : undefined;
  try {
    const result = await commit(claimed, unpacked ?? asSent, signal, deps);
    // The bytes as sent have done their work. Should they stay, they are swept with old drafts.
    if (unpacked) await draft.abandon().catch(() => undefined);
    return result;
  } finally {
    // Of a draft that was committed nothing is left to abandon.
    await unpacked?.draft.abandon().catch(() => undefined);
  }
}

async function commit(
  claimed: ClaimedDownload,
  { draft, whole, audio }: Described,
  signal: AbortSignal,
  { clock, settings }: KeepDeps,
): Promise<DownloadResult> {
  const { container } = audio;
  const { timeZone } = settings;
  const fileName = toAssetFileName({ ...claimed, recordingId: claimed.id, container, timeZone });
  const sha256 = whole.digests.sha256();
  await draft.commit(fileName, { sha256, signal });
  return {
    kind: 'archived',
    asset: { bytes: whole.digests.bytes, sha256, ...audio, archivedAt: clock(), fileName },
    flags: findRecordingFlags(audio, claimed.durationSeconds),
  };
}

async function describe(draft: AssetDraft, whole: WholeBytes, signal: AbortSignal): Promise<Described> {
  const audio = await describeAudio({
    head: whole.head.bytes(),
    size: whole.digests.bytes,
    readAt: (start, length) => {
      // A long recording takes a while, and its lease may be another's by now.
      if (signal.aborted) throw new StorageError('io-failed', 'describing a recording: it was stopped');
      return draft.readAt(start, length);
    },
  });
  return { draft, whole, audio };
}

/** What the bytes are once unpacked, in a draft of its own; undefined where they are not coded, or not as claimed. */
async function openUnpacked(
  claimed: ClaimedDownload,
  { draft, whole }: Described,
  signal: AbortSignal,
  { storage, settings }: KeepDeps,
): Promise<Described | undefined> {
  if (whole.coding === undefined) return undefined;
  const into = await storage.openDraft(toSafeId(`${toSafeId(claimed.id)}-unpacked`));
  try {
    const source = { draft, bytes: whole.digests.bytes };
    const unpacked = await unpack(whole.coding, source, into, settings.maxBytes);
    if (unpacked) {
      refuseDocument(unpacked);
      return await describe(into, unpacked, signal);
    }
  } catch (error) {
    await into.abandon().catch(() => undefined);
    throw error;
  }
  await into.abandon();
  return undefined;
}

function refuseDocument({ head, digests }: WholeBytes): void {
  const detail = head.describeRefusal(digests.bytes);
  if (detail !== undefined) throw new DownloadFailure(toNotAudio(detail));
}

export function toNotAudio(detail: string): DownloadFailure['failure'] {
  return { outcome: 'retry', reason: 'not-audio', detail };
}
