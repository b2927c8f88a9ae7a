import { chainStart, findBreak } from '../store/audit-chain.js';
import type { AuditLogReader } from '../store/audit-log.js';

/** Records that are read at a time: others get their turn in between. */
const step = 1_000;

export interface ChainVerdict {
  readonly isIntact: boolean;
  /** How many records were checked. */
  readonly records: number;
  /** `seq` of the first record that does not continue the chain. */
  readonly brokenAt: number | undefined;
  /** Of the last record that does. */
  readonly lastHash: string;
}

/** Follows the chain of the audit log from its start. What is appended meanwhile is checked as well. */
export async function verifyChain(log: Pick<AuditLogReader, 'read'>): Promise<ChainVerdict> {
  let last = { seq: 0, hash: chainStart };
  let records = 0;
  for (;;) {
    const page = await log.read(last.seq, step);
    const broken = findBreak(last, page);
    const whole = broken ? page.slice(0, page.indexOf(broken)) : page;
    records += whole.length;
    last = whole.at(-1) ?? last;
    if (broken) return { isIntact: false, records, brokenAt: broken.seq, lastHash: last.hash };
    if (page.length < step) return { isIntact: true, records, brokenAt: undefined, lastHash: last.hash };
    // A page of the embedded store may be there at once: without this nothing else would be answered meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
  }
}
