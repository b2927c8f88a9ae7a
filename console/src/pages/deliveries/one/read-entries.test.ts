import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { Entry } from '../../../../../src/contract/messages.ts';
import type { Client } from '../../../client.ts';
import { readEntries } from './read-entries.ts';

/** A journal with an entry for each of `seqs`. */
function openFeed(seqs: readonly number[]) {
  const entries = [...seqs].sort((a, b) => a - b).map((seq) => ({ seq }) as Entry);
  return vi.fn<Client['messages']['read']>(({ after = 0, limit = 50 } = {}) => {
    const items = entries.filter(({ seq }) => seq > after).slice(0, limit);
    return Promise.resolve({ items, nextAfter: items.at(-1)?.seq ?? after });
  });
}

it('entries that lie together are read with one request, in the order of the push', async () => {
  const read = openFeed([1, 2, 3, 4, 5, 6]);
  const entries = await readEntries({ read }, [5, 2, 4]);
  expect(entries.map(({ seq }) => seq)).toEqual([5, 2, 4]);
  expect(read).toHaveBeenCalledTimes(1);
});

it('entries are found wherever they lie, and what is gone is left out', async () => {
  const seqs = fc.uniqueArray(fc.integer({ min: 1, max: 3_000 }), { maxLength: 50 });
  await fc.assert(
    fc.asyncProperty(seqs, seqs, async (there, asked) => {
      const entries = await readEntries({ read: openFeed(there) }, asked);
      expect(entries.map(({ seq }) => seq)).toEqual(asked.filter((seq) => there.includes(seq)));
    }),
  );
});
