import type { Recording } from '../../src/contract/recordings.js';
import type { ExpectedCall } from '../../src/simulator/expected-call.js';

/** What came out differently from what the sender knows of each call; a call that no push brought may be missing. */
export function compareRecordings(
  recordings: readonly Recording[],
  expected: readonly ExpectedCall[],
): string[] {
  const byCall = new Map(recordings.map((recording) => [recording.callId, recording]));
  const wrong = expected.flatMap(({ callId, isAcknowledged, state, bytes, sha256, faults: met }) => {
    const found = byCall.get(callId);
    const of = `${callId} (${met.join(', ') || 'no fault'})`;
    if (!found) return isAcknowledged ? [`${of} was acknowledged and is not there`] : [];
    if (found.state !== state) return [`${of} is ${found.state} because of ${found.reason}`];
    // Expired from the start. The storage says so, unless it answered 503 or not at all to the one attempt made then.
    if (state === 'lost')
      return ['expired', 'deadline-passed'].includes(found.reason ?? '')
        ? []
        : [`${of} was lost because of ${found.reason}`];
    return found.asset?.sha256 === sha256 && found.asset.bytes === bytes
      ? []
      : [`${of} is not what was stored`];
  });
  return recordings.length === byCall.size ? wrong : [...wrong, 'one call has two recordings'];
}
