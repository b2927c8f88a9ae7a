import { toSafeId } from '../domain/asset-file-name.js';
import type { DownloadAttempt } from '../domain/recording.js';
import { type AssetDraft, type Drafts, type KeptMark, StorageError } from '../storage/asset-storage.js';
import type { ClaimedDownload } from '../store/recordings.js';
import type { ExpectedContent, RunningDigests } from './checksums.js';
import { classifyError, DownloadFailure, type Failure } from './classify-failure.js';
import { keepAsset, toNotAudio } from './keep-asset.js';
import { openTransfer, type TransferDeps, type TransferProgress } from './transfer.js';
import type { DownloadResult } from './verdict.js';
import { codingOf, readWhole, type WholeBytes } from './whole-bytes.js';

export interface DownloadDeps extends TransferDeps {
  readonly storage: Pick<Drafts, 'openDraft' | 'draftRoom'>;
  /** What an attempt has brought, whatever became of it. */
  readonly onBytes: (source: string, bytes: number) => void;
}

export interface FinishedAttempt {
  readonly result: DownloadResult;
  readonly attempt: DownloadAttempt;
  /** The storage's own clock, where it answered and said. */
  readonly saidAt?: number;
  /** Our own mistake, where that is what ended the attempt: to be logged with its stack. */
  readonly bug?: unknown;
}

/** What is learnt on the way, for the attempt's record, whatever becomes of it. */
interface Progress extends TransferProgress {
  bytes: number;
  /** Set once body bytes are being written: what the draft then holds, and of which object. */
  transfer?: {
    readonly digests: RunningDigests;
    readonly expected: ExpectedContent;
    readonly coding?: string;
  };
  /** Set once all bytes are there and right: only the commit can fail now. */
  whole?: WholeBytes;
}

/**
 * One attempt at a download: asks for the link, continues where an earlier attempt was cut off if the storage lets
 * it, checks every byte, and commits. Where an earlier attempt had all bytes and only its commit failed, these are
 * committed. Never rejects: whatever goes wrong is a value.
 */
export async function attemptDownload(
  claimed: ClaimedDownload,
  signal: AbortSignal,
  deps: DownloadDeps,
): Promise<FinishedAttempt> {
  const at = deps.clock();
  const startedAt = deps.stopwatch();
  const progress: Progress = { bytes: 0 };
  const finish = (result: DownloadResult, bug?: unknown): FinishedAttempt => {
    if (progress.bytes > 0) deps.onBytes(claimed.source, progress.bytes);
    return {
      result,
      attempt: toAttempt(result, progress, at, deps.stopwatch() - startedAt),
      ...(progress.saidAt === undefined ? {} : { saidAt: progress.saidAt }),
      ...(bug === undefined ? {} : { bug }),
    };
  };
  let draft: AssetDraft | undefined;
  try {
    draft = await deps.storage.openDraft(toSafeId(claimed.id));
    return finish(await archive(claimed, draft, signal, progress, deps));
  } catch (error) {
    const failure = signal.aborted && error instanceof StorageError ? stopped : classifyError(error);
    const known: Failure = failure ?? {
      outcome: 'retry',
      reason: 'storage-failed',
      detail: 'an internal error',
    };
    const isHeld = draft !== undefined && (await close(draft, toMark(error, known, progress, draft)));
    progress.address ??= addressOf(error);
    return finish(
      { kind: 'failed', failure: isHeld ? { ...known, isHeld } : known },
      failure ? undefined : error,
    );
  }
}

const stopped: Failure = { outcome: 'aborted', reason: 'stopped' };

/** Whether all bytes of the recording stay here. */
async function close(draft: AssetDraft, mark: KeptMark | undefined): Promise<boolean> {
  return draft.abandon(mark).then(
    () => mark?.isWhole === true,
    // A draft that cannot even be closed tells nothing new: the attempt has failed already.
    () => false,
  );
}

async function archive(
  claimed: ClaimedDownload,
  draft: AssetDraft,
  signal: AbortSignal,
  progress: Progress,
  deps: DownloadDeps,
): Promise<DownloadResult> {
  const keep = (whole: WholeBytes): Promise<DownloadResult> =>
    keepAsset(claimed, draft, whole, signal, { ...deps, onWhole: (known) => (progress.whole = known) });
  const held = await readWhole(draft);
  if (held) {
    progress.resumedFrom = held.digests.bytes;
    return await keep(held);
  }
  // Asked beside the request: while a body waits to be read, its connection may break, and its beginning is gone.
  const room = deps.storage.draftRoom().catch(() => Infinity);
  const transfer = await openTransfer(claimed, draft, signal, progress, deps);
  const { response, expected, digests, head } = transfer;
  const coding = codingOf(transfer);
  progress.transfer = { digests, expected, ...coding };
  try {
    if (exceeds(expected.size, deps)) throw fail('too-large', `${expected.size} bytes`, 'slow');
    if ((expected.size ?? 0) - digests.bytes > (await room)) throw doesNotFit(expected.size);
    for await (const chunk of response.body) {
      progress.bytes += chunk.length;
      digests.update(chunk);
      head.add(chunk);
      if (exceeds(digests.bytes, deps)) throw fail('too-large', 'more than the limit', 'slow');
      if (head.isPage())
        throw new DownloadFailure(toNotAudio(head.describeRefusal(digests.bytes) ?? 'a page'));
      await draft.write(chunk);
    }
  } finally {
    response.discard();
  }
  const fault = digests.findFault();
  if (fault) throw fail(fault.reason, fault.detail);
  return await keep({ digests, head, ...coding });
}

function exceeds(bytes: number | undefined, deps: DownloadDeps): boolean {
  return bytes !== undefined && bytes > deps.settings.maxBytes;
}

function doesNotFit(bytes = 0): StorageError {
  return new StorageError('no-space', `a recording of ${bytes} bytes does not fit on the disk`);
}

function fail(reason: Failure['reason'], detail: string, pace?: 'slow'): DownloadFailure {
  return new DownloadFailure({ outcome: 'retry', reason, detail, ...(pace === undefined ? {} : { pace }) });
}

/** Attempts cut off from outside leave a good beginning behind; after any other failure the next starts anew. */
const cutOff = new Set<Failure['reason']>(['connection-reset', 'truncated', 'timeout', 'stopped']);

/** With what mark the draft is kept for the next attempt; undefined where its bytes are of no use to it. */
function toMark(
  error: unknown,
  { reason, outcome }: Failure,
  progress: Progress,
  draft: AssetDraft,
): KeptMark | undefined {
  const { transfer, whole } = progress;
  if (whole) {
    return isCommitFailure(error)
      ? { isWhole: true, sha256: whole.digests.sha256(), ...codingOf(whole) }
      : undefined;
  }
  // Nothing was written: what an earlier attempt left is as good as before, unless there will be no other.
  if (!transfer) return outcome === 'refuse' ? undefined : draft.kept.mark;
  const { digests, expected, ...coding } = transfer;
  const isWhole = expected.size !== undefined && digests.bytes >= expected.size;
  if (!cutOff.has(reason) || isWhole || expected.etag === undefined) return undefined;
  return { etag: expected.etag, sha256: digests.sha256(), ...coding };
}

/** The storage could not take the bytes; there is nothing wrong with them. */
function isCommitFailure(error: unknown): boolean {
  return error instanceof StorageError && (error.code === 'io-failed' || error.code === 'no-space');
}

function addressOf(error: unknown): string | undefined {
  const { address } = (error ?? {}) as { address?: unknown };
  return typeof address === 'string' ? address : undefined;
}

function toAttempt(
  result: DownloadResult,
  progress: Progress,
  at: number,
  durationMs: number,
): DownloadAttempt {
  const { status, address, headMs, resumedFrom, bytes } = progress;
  const failure = result.kind === 'failed' ? result.failure : undefined;
  return {
    at,
    outcome: failure?.outcome ?? 'ok',
    reason: failure?.reason ?? 'archived',
    durationMs,
    bytes,
    ...(status === undefined ? {} : { status }),
    ...(resumedFrom === undefined ? {} : { resumedFrom }),
    ...(address === undefined ? {} : { address }),
    ...(headMs === undefined ? {} : { headMs }),
    ...(failure?.detail === undefined ? {} : { detail: failure.detail }),
  };
}
