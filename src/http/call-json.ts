import type * as wireCalls from '../contract/calls.js';
import { madeUpAs } from '../domain/made-up-calls.js';
import type { Call } from '../store/calls.js';
import { known, toInstant, toInstantWhereKnown } from './json-values.js';
import type * as wire from '../contract/recordings.js';
import type { Asset, DownloadAttempt } from '../domain/recording.js';
import type { Recording } from '../store/recordings.js';

/** `tags`: those of the call, where it has any. */
export function toCallJson(call: Call, tags?: readonly string[]): wireCalls.Call {
  return known({
    callId: call.callId,
    taskId: call.taskId,
    detailId: call.detailId,
    batchId: call.batchId,
    outId: call.outId,
    startTime: call.startTime,
    endTime: call.endTime,
    startAt: toInstantWhereKnown(call.startAt),
    endAt: toInstantWhereKnown(call.endAt),
    durationSeconds: call.durationSeconds,
    flags: [...call.flags],
    madeUp: madeUpAs(call),
    recordings: call.recordings.map(toRecordingJson),
    tags: tags && [...tags],
    at: toInstant(call.at),
    firstReceivedAt: toInstant(call.firstReceivedAt),
    lastReceivedAt: toInstant(call.lastReceivedAt),
  });
}

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
