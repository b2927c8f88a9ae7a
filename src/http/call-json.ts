import type * as wire from '../contract/calls.js';
import { madeUpAs } from '../domain/made-up-calls.js';
import type { Call } from '../store/calls.js';
import { toInstant, toInstantWhereKnown } from './instant.js';
import { known } from './known.js';
import { toRecordingJson } from './recording-json.js';

/** `tags`: those of the call, where it has any. */
export function toCallJson(call: Call, tags?: readonly string[]): wire.Call {
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
