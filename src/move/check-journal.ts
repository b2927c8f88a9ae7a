import { createHash } from 'node:crypto';
import type { CopiedRow, CopySource } from '../store/copying.js';

/** How far two journals were compared, and the digest of what was. */
export interface JournalCheck {
  readonly after: number;
  readonly digest: string;
  /** The first seq at which they are not the same. */
  readonly differsAt?: number;
}

const pageEntries = 2_000;

/** Compares entry by entry, each field of it, to the end of the shorter one. Goes on where an earlier check has ended. */
export async function checkJournal(
  source: Pick<CopySource, 'read'>,
  copied: Pick<CopySource, 'read'>,
  from: Omit<JournalCheck, 'differsAt'>,
  onProgress: (seq: number) => void,
): Promise<JournalCheck> {
  let { after, digest } = from;
  for (;;) {
    const ours = await source.read('journal', after, pageEntries);
    const theirs = await copied.read('journal', after, pageEntries);
    const length = Math.min(ours.length, theirs.length);
    const [expected, found] = [digestOf(ours.slice(0, length)), digestOf(theirs.slice(0, length))];
    if (expected !== found) return { after, digest, differsAt: firstDifference(ours, theirs) };
    const last = ours[length - 1];
    if (!last) return { after, digest };
    after = last['seq'] as number;
    digest = createHash('sha256').update(`${digest}${expected}`).digest('hex');
    onProgress(after);
  }
}

function firstDifference(ours: readonly CopiedRow[], theirs: readonly CopiedRow[]): number {
  const index = ours.findIndex((row, place) => digestOf([row]) !== digestOf(theirs.slice(place, place + 1)));
  return ours[index]?.['seq'] as number;
}

function digestOf(rows: readonly CopiedRow[]): string {
  const sha256 = createHash('sha256');
  for (const { seq, type, call_id: callId, digest, received_at: at, source, text } of rows) {
    const identity = Buffer.from(digest as Uint8Array).toString('hex');
    // As JSON, so that no two entries give one text wherever their fields end.
    sha256.update(JSON.stringify([seq, type, callId, identity, at, source, text]));
  }
  return sha256.digest('hex');
}
