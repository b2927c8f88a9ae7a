import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeMessage, noteOf } from '../../../test/support/make-message.js';
import {
  openTemporaryPostgresStore,
  type TemporaryPostgresStore,
} from '../../../test/support/temporary-postgres-store.js';
import { until } from '../../../test/support/until.js';
import { partitionedTables } from './partitions.js';

let temporary: TemporaryPostgresStore;
beforeEach(async () => {
  temporary = await openTemporaryPostgresStore();
});
afterEach(() => temporary.close());

const day = (month: number, date = 1) => Date.UTC(2025, month - 1, date);

/** One note a month from January on; whoever reads the journal has read all of it. */
async function fill(months: number): Promise<void> {
  for (let month = 1; month <= months; month++) {
    const messages = [makeMessage(noteOf(`${month}`), day(month, 5))];
    await temporary.store.journalWriter.append({ messages, quarantined: [] });
  }
  await temporary.store.projection.apply([], months);
}

const drop = (at: number) => temporary.store.shared.retention.dropMonthsBefore(at);
const kept = async () => (await temporary.store.journal.read(0, 100)).map(({ callId }) => callId);
const tables = async () =>
  (
    await temporary.database.run(
      `SELECT relname AS name FROM pg_class WHERE relname ~ '^journal_2025' AND relkind = 'r' ORDER BY relname`,
    )
  ).rows.map(({ name }) => name);

it('drops whole months, and what is asked of the journal knows no more of them', async () => {
  await fill(6);
  expect(await drop(day(4, 20))).toBe(3);
  expect(await kept()).toEqual(['4', '5', '6']);
  const { journal } = temporary.store;
  expect(await journal.ofCall('2')).toEqual([]);
  expect(await journal.bySeqs([2, 5])).toMatchObject([{ callId: '5' }]);
  expect(await journal.read(2, 1)).toMatchObject([{ callId: '4' }]);
  expect(await journal.seqAt(day(1))).toBe(4);
  expect(await journal.seqAt(day(6))).toBe(6);
  expect(await drop(day(4, 20))).toBe(0);
});

it('knows a message of a dropped month when it comes again', async () => {
  await fill(3);
  await drop(day(3));
  const again = [makeMessage(noteOf('1'), day(4))];
  expect(await temporary.store.journalWriter.append({ messages: again, quarantined: [] })).toMatchObject({
    appended: 0,
    duplicates: 1,
  });
  expect(await kept()).toEqual(['3']);
});

it('keeps the month that is written now, however late it is', async () => {
  await fill(3);
  await drop(Date.UTC(2030, 0));
  expect(await kept()).toEqual(['3']);
  await temporary.store.journalWriter.append({
    messages: [makeMessage(noteOf('4'), day(3))],
    quarantined: [],
  });
  expect(await kept()).toEqual(['3', '4']);
});

it('keeps what the projector has not read', async () => {
  await fill(4);
  await temporary.database.run(`UPDATE cursors SET position = 1 WHERE name = 'projector'`);
  await drop(day(4));
  expect(await kept()).toEqual(['2', '3', '4']);
});

it.each([
  [
    'an endpoint has not read',
    `INSERT INTO endpoints (settings, secrets, start, cursor, created_at) VALUES ('{}', '[]', '{}', 1, 0)`,
  ],
  [
    'a delivery still has to carry',
    `INSERT INTO deliveries (endpoint, state, place, place_offset, webhook_id, seqs, count, first_seq, last_seq, created_at)
       VALUES (1, 0, 1, 0, 'msg', '2-3', 2, 2, 3, 0)`,
  ],
  [
    'a replay goes over',
    `INSERT INTO replays (endpoint, selection, state, position, end_position, created_at)
       VALUES (1, '{"kind":"window","afterSeq":1,"untilSeq":3,"missed":false}', 0, 1, 3, 0)`,
  ],
])('keeps what %s', async (_what, sql) => {
  await fill(4);
  await temporary.database.run(sql);
  await drop(day(4));
  expect(await kept()).toEqual(['2', '3', '4']);
});

it('goes on with what broke off half-way', async () => {
  await fill(4);
  await temporary.database.run('ALTER TABLE journal DETACH PARTITION journal_2025_01');
  expect(await drop(day(3))).toBe(2);
  expect(await tables()).toEqual(['journal_2025_03', 'journal_2025_04', 'journal_2025_05']);
  expect(await kept()).toEqual(['3', '4']);
});

it('finishes what was letting go when its process died', async () => {
  await fill(3);
  const [reader, leaver] = [1, 2].map(() => new pg.Client({ connectionString: temporary.url })) as [
    pg.Client,
    pg.Client,
  ];
  await Promise.all([reader.connect(), leaver.connect()]);
  leaver.on('error', () => undefined);
  await reader.query('BEGIN; SELECT FROM journal');
  const leaving = leaver.query('ALTER TABLE journal DETACH PARTITION journal_2025_01 CONCURRENTLY');
  leaving.catch(() => undefined);
  const isLeaving = 'SELECT FROM pg_inherits WHERE inhdetachpending';
  await until(async () => (await temporary.database.run(isLeaving)).rows.length === 1, {
    what: 'it waits for whoever reads',
  });
  await temporary.database.run(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ~ '^ALTER TABLE journal'`,
  );
  await expect(leaving).rejects.toThrow();
  await reader.end();
  expect(await drop(day(3))).toBe(2);
  expect(await kept()).toEqual(['3']);
});

it('lets go of attempts, too', async () => {
  await fill(1);
  for (const table of partitionedTables) {
    await temporary.database.run(
      `CREATE TABLE ${table}_2020_02 PARTITION OF ${table} FOR VALUES FROM (601) TO (602)`,
    );
  }
  expect(await drop(Date.UTC(2020, 2))).toBe(partitionedTables.length);
  const { rows } = await temporary.database.run(`SELECT FROM pg_class WHERE relname ~ '_2020_02'`);
  expect(rows).toEqual([]);
});
