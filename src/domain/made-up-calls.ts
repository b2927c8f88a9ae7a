import { sampleCallId } from '../protocol/sample.js';

/** Mark of everything that comes with demo data, and id of the source while there are any. */
export const demoSource = 'demo';
/** What all demo calls have in common; no sender names a batch so. */
export const demoBatchId = 'EARSHOT-DEMO';
/** How many calls demo data are. */
export const demoCalls = 200;

/**
 * Whether the call is none: the specification's sample, which whoever tries Earshot out pushes and which may come from the
 * vendor's console as well, or of demo data. Such calls are shown and marked, and counted nowhere.
 */
export function madeUpAs({
  callId,
  batchId,
}: {
  callId: string;
  batchId?: string;
}): 'sample' | 'demo' | undefined {
  if (callId === sampleCallId) return 'sample';
  return batchId === demoBatchId ? 'demo' : undefined;
}
