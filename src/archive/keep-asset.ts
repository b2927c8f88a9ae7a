import { toAssetFileName } from '../domain/asset-file-name.js';
import type { Clock } from '../domain/clock.js';
import { isShort } from '../domain/short-audio.js';
import type { AssetDraft } from '../storage/asset-storage.js';
import type { ClaimedDownload } from '../store/recordings.js';
import type { ArchiverSettings } from './archiver-settings.js';
import { RunningDigests } from './checksums.js';
import { DownloadFailure } from './classify-failure.js';
import { describeAudio } from './describe-audio.js';
import { HeadCollector } from './head-collector.js';
import type { DownloadResult } from './verdict.js';

/** Bytes of a draft that are all there, and right. */
export interface WholeBytes {
  readonly digests: RunningDigests;
  readonly head: HeadCollector;
}

export interface KeepDeps {
  readonly clock: Clock;
  readonly settings: Pick<ArchiverSettings, 'timeZone'>;
  /** Nothing but the commit is left to be done. */
  readonly onWhole: (whole: WholeBytes) => void;
}

/** Names, describes and commits bytes that are all there. */
export async function keepAsset(
  claimed: ClaimedDownload,
  draft: AssetDraft,
  whole: WholeBytes,
  signal: AbortSignal,
  deps: KeepDeps,
): Promise<DownloadResult> {
  const { digests, head } = whole;
  const audio = await describeAudio({
    head: head.bytes(),
    size: digests.bytes,
    readAt: (start, length) => draft.readAt(start, length),
  });
  if (!audio) throw new DownloadFailure(toNotAudio(head));
  const { timeZone } = deps.settings;
  const fileName = toAssetFileName({
    ...claimed,
    recordingId: claimed.id,
    container: audio.container,
    timeZone,
  });
  const sha256 = digests.sha256();
  deps.onWhole(whole);
  await draft.commit(fileName, { sha256, signal });
  return {
    kind: 'archived',
    asset: { bytes: digests.bytes, sha256, ...audio, archivedAt: deps.clock(), fileName },
    short: isShort(audio.seconds, claimed.durationSeconds),
  };
}

export function toNotAudio(head: HeadCollector): DownloadFailure['failure'] {
  const detail = head.describe();
  return { outcome: 'retry', reason: 'not-audio', ...(detail === undefined ? {} : { detail }) };
}

/**
 * What an earlier attempt had downloaded whole and could not commit, read again; undefined where there is none, or it
 * has been damaged since.
 *
 * Its sender is not asked whether the object is the same by now. Had the storage not been away, these bytes would have
 * been archived then and the link never opened again, so committing them is what would have happened; and asking could
 * only fail: the link may have died meanwhile, and then they are all there is.
 */
export async function readWhole(draft: AssetDraft): Promise<WholeBytes | undefined> {
  const { mark } = draft.kept;
  if (!mark?.isWhole) return undefined;
  const whole = { digests: new RunningDigests({}), head: new HeadCollector() };
  try {
    for await (const chunk of draft.readKept()) {
      whole.digests.update(chunk);
      whole.head.add(chunk);
    }
  } catch {
    // What cannot be read is downloaded anew, as long as that can be done.
    return undefined;
  }
  return whole.digests.sha256() === mark.sha256 ? whole : undefined;
}
