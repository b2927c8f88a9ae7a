import type * as wire from '../contract/recordings.js';
import type { Asset, DownloadAttempt } from '../domain/recording.js';
import type { Recording } from '../store/recordings.js';
import { toInstant, toInstantWhereKnown } from './instant.js';
import { known } from './known.js';

/** A recording as the API shows it: member by member, so that nothing the store adds gets out unseen. */
export function toRecordingJson(recording: Recording): wire.Recording {
  return known({
    id: recording.id,
    callId: recording.callId,
    state: recording.state,
    host: recording.host,
    path: recording.path,
    deadlineAt: toInstant(recording.deadlineAt),
    nextAttemptAt: toInstantWhereKnown(recording.nextAttemptAt),
    attempts: recording.attempts,
    reason: recording.reason,
    flags: [...recording.flags],
    asset: recording.asset && toAssetJson(recording.asset),
  });
}

export function toRecordingDetailJson(
  recording: Recording,
  attempts: readonly DownloadAttempt[],
): wire.RecordingDetail {
  return { ...toRecordingJson(recording), attemptLog: attempts.map(toAttemptJson) };
}

function toAssetJson(asset: Asset): wire.Asset {
  return known({
    bytes: asset.bytes,
    sha256: asset.sha256,
    container: asset.container,
    codec: asset.codec,
    channels: asset.channels,
    sampleRate: asset.sampleRate,
    seconds: asset.seconds,
    archivedAt: toInstant(asset.archivedAt),
    fileName: asset.fileName,
  });
}

function toAttemptJson(attempt: DownloadAttempt): wire.DownloadAttempt {
  return known({
    at: toInstant(attempt.at),
    outcome: attempt.outcome,
    reason: attempt.reason,
    status: attempt.status,
    durationMs: attempt.durationMs,
    bytes: attempt.bytes,
    resumedFrom: attempt.resumedFrom,
    address: attempt.address,
    headMs: attempt.headMs,
    detail: attempt.detail,
  });
}
