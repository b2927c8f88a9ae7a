import type { Entry } from '../../../../../src/contract/messages.ts';
import type { Client } from '../../../client.ts';

const pageSize = 500;
/** Everything that may be in a delivery, events among it: without this the feed leaves them out. */
const types =
  'AlicomAgentCallRecord,AlicomAgentCallReport,AlicomAgentCallNote,recording.archived,recording.lost';

/** The entries of these numbers, in the order of `seqs`; one that is gone is left out. The feed is read in stretches. */
export async function readEntries(
  messages: Pick<Client['messages'], 'read'>,
  seqs: readonly number[],
): Promise<Entry[]> {
  const left = [...seqs].sort((a, b) => a - b);
  const found = new Map<number, Entry>();
  for (let next = left.shift(); next !== undefined; next = left.shift()) {
    const last = left.at(-1) ?? next;
    // Where they lie close together, one page holds all of them; where they do not, each needs its own.
    const limit = last - next < pageSize ? last - next + 1 : 1;
    const { items } = await messages.read({ after: next - 1, limit, types });
    for (const entry of items) found.set(entry.seq, entry);
    const seen = items.at(-1)?.seq ?? next;
    while (left[0] !== undefined && left[0] <= seen) left.shift();
  }
  return seqs.flatMap((seq) => found.get(seq) ?? []);
}
