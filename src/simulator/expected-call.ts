import type { SimulatedCall } from './call.js';
import type { FaultName } from './fault.js';
import type { StoredObject } from './storage/bucket.js';

/** What a correct receiver knows of one call once everything has settled. Holds no link. */
export interface ExpectedCall {
  readonly callId: string;
  readonly taskId: string;
  readonly detailId: string;
  readonly batchId: string;
  readonly outId?: string;
  readonly durationSeconds: number;
  /**
   * A push with this call's record was acknowledged. If not, the receiver may know the call all the same: its
   * answer may have come too late.
   */
  readonly isAcknowledged: boolean;
  /** `lost` only for links that were dead from the start: everything else heals within the life of its link. */
  readonly state: 'archived' | 'lost';
  /** Of the recording as the storage holds it, whatever the state. */
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly codec: 'alaw' | 'pcm';
  readonly channels: 1 | 2;
  readonly faults: readonly FaultName[];
}

export async function toExpectedCall(
  call: SimulatedCall,
  object: StoredObject,
  isAcknowledged: boolean,
): Promise<ExpectedCall> {
  const { sha256 } = await object.digest();
  return {
    callId: call.callId,
    taskId: call.taskId,
    detailId: call.detailId,
    batchId: call.batchId,
    ...(call.outId === undefined ? {} : { outId: call.outId }),
    durationSeconds: call.durationSeconds,
    isAcknowledged,
    state: call.storageFaults.includes('expired') ? 'lost' : 'archived',
    bytes: object.audio.bytes,
    sha256,
    codec: call.codec,
    channels: call.channels,
    faults: call.storageFaults,
  };
}
