import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeMessage, noteOf, recordOf } from '../../../test/support/make-message.js';
import {
  openTemporaryPostgresStore,
  type TemporaryPostgresStore,
} from '../../../test/support/temporary-postgres-store.js';
import type { NewMessage } from '../journal.js';
import { toMonth } from './partitions.js';

let temporary: TemporaryPostgresStore;
beforeEach(async () => {
  temporary = await openTemporaryPostgresStore();
});
afterEach(() => temporary.close());

const append = (...messages: NewMessage[]) =>
  temporary.store.journalWriter.append({ messages, quarantined: [] });
const noteAt = (callId: string, at: number) => makeMessage(noteOf(callId), at);
const day = (month: number, date: number) => Date.UTC(2025, month - 1, date);
const monthsOfRows = async () =>
  (await temporary.database.run('SELECT seq, month FROM journal ORDER BY month, seq')).rows.map((row) => [
    row['seq'],
    row['month'],
  ]);

describe('the months of the journal', () => {
  it('are those of receipt, and never fall back, so that their order is that of the numbers', async () => {
    await append(noteAt('1', day(5, 31)), noteAt('2', day(6, 1)));
    await append(noteAt('3', day(5, 1)));
    await append(noteAt('4', day(9, 1)));
    const [june, september] = [toMonth(day(6, 1)), toMonth(day(9, 1))];
    expect(await monthsOfRows()).toEqual([
      [1, june],
      [2, june],
      [3, june],
      [4, september],
    ]);
    const { journal } = temporary.store;
    expect((await journal.read(0, 10)).map(({ callId }) => callId)).toEqual(['1', '2', '3', '4']);
    for (const [index, callId] of ['1', '2', '3', '4'].entries()) {
      expect(await journal.read(index, 1)).toMatchObject([{ callId }]);
      expect(await journal.ofCall(callId)).toMatchObject([{ seq: index + 1 }]);
      expect(await journal.bySeqs([index + 1])).toMatchObject([{ callId }]);
    }
    expect(await journal.seqAt(day(7, 1))).toBe(4);
  });

  it('do not follow a clock that is years ahead', async () => {
    await append(noteAt('1', Date.UTC(2999, 0)));
    const [now] = (await temporary.database.run('SELECT (extract(epoch FROM now()) * 1000)::float8 AS at'))
      .rows;
    expect(await monthsOfRows()).toEqual([[1, toMonth(now?.['at'] as number) + 1]]);
  });

  it('find their tables made, whoever comes first', async () => {
    const stores = [1, 2, 3].map(() => temporary.open());
    await Promise.all(
      stores.flatMap((store, index) =>
        [3, 4, 7].map((month) =>
          store.journalWriter.append({
            messages: [noteAt(`${month} ${index}`, day(month, 1))],
            quarantined: [],
          }),
        ),
      ),
    );
    expect(await temporary.store.journal.lastSeq()).toBe(9);
  });
});

it('has no gap and no order but one, however many append at once', async () => {
  const stores = [1, 2, 3, 4].map(() => temporary.open());
  const seen: number[][] = [[], []];
  let isOver = false;
  const reading = seen.map(async (seqs) => {
    while (!isOver || (seqs.at(-1) ?? 0) < (await temporary.store.journal.lastSeq())) {
      seqs.push(...(await temporary.store.journal.read(seqs.at(-1) ?? 0, 7)).map(({ seq }) => seq));
    }
  });
  await Promise.all(
    stores.map(async (store, which) => {
      for (let count = 0; count < 12; count++) {
        const own = [`${which} ${count}`, `${which} ${count} more`, `everybody's ${count}`];
        const messages = own.map((callId) => makeMessage(recordOf(callId)));
        if (count % 3 === 0) await store.publishing.publish(messages);
        else await store.journalWriter.append({ messages, quarantined: [] });
      }
    }),
  );
  isOver = true;
  await Promise.all(reading);
  const all = Array.from({ length: 4 * 12 * 2 + 12 }, (_, index) => index + 1);
  expect(seen).toEqual([all, all]);
  const known = await temporary.database.run('SELECT seq FROM journal_identities ORDER BY seq');
  expect(known.rows.map(({ seq }) => seq)).toEqual(all);
});

it('does not let a sorter that comes late set the cursor back', async () => {
  const { journal, journalWriter } = temporary.store;
  await journalWriter.append({ messages: [], quarantined: [], sortedUpTo: 42 });
  await temporary.open().journalWriter.append({ messages: [], quarantined: [], sortedUpTo: 41 });
  expect(await journal.cursors()).toMatchObject({ sorter: 42 });
});
