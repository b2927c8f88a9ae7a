import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { messageTypes } from '../../src/protocol/message.js';
import { InboxTableReader } from '../../src/store/postgres/inbox-reader.js';
import { InboxTableWriter } from '../../src/store/postgres/inbox-writer.js';
import { JournalTableReader } from '../../src/store/postgres/journal-reader.js';
import { JournalTable } from '../../src/store/postgres/journal-table.js';
import { migrate } from '../../src/store/postgres/migrate.js';
import { Partitions, toMonth } from '../../src/store/postgres/partitions.js';
import { PublishingTable } from '../../src/store/postgres/publishing-table.js';
import { commonRolesIn } from '../../src/store/postgres/run-work.js';
import { schemaSteps } from '../../src/store/postgres/store-schema.js';
import { makeMessage, noteOf } from '../support/make-message.js';
import { NotingDatabase } from '../support/noting-database.js';
import { createDatabase, type TemporaryDatabase } from '../support/temporary-database.js';
import { rounds } from '../support/test-run.js';
import { testStart } from '../support/temporary-store.js';

let temporary: TemporaryDatabase;
let database: NotingDatabase;
let partitions: Partitions;

const rowCount = rounds(200_000, 1_000_000);
/** Three months, a third of the journal each: 2025_05, 2025_06, 2025_07. */
const month = toMonth(testStart);
const inMay = 100;
const inJuly = rowCount - 100;

beforeAll(async () => {
  temporary = await createDatabase();
  database = new NotingDatabase({ url: temporary.url, connections: 4, answerWithinMs: 120_000 });
  await migrate(database, schemaSteps);
  partitions = new Partitions(database);
  await partitions.need('journal', [month, month + 2]);
  await database.script(fill);
  for (const table of ['pushes', 'journal', 'journal_identities', 'journal_months', 'quarantine'])
    await database.run(`VACUUM (ANALYZE) ${table}`, [], 60_000);
});

afterAll(async () => {
  await database.close();
  await temporary.drop();
});

beforeEach(() => {
  database.noted.length = 0;
});

const fill = `
INSERT INTO pushes (key, received_at, source, remote_address, body)
  SELECT md5(n::text)::uuid, ${testStart} + n, 'default', '127.0.0.1', '[]' FROM generate_series(1, ${rowCount}) n;
INSERT INTO journal (month, seq, type, call_id, received_at, source, text)
  SELECT ${month} + (n - 1) * 3 / ${rowCount}, n, 1 + n % 3, n % 7 || '^' || n, ${testStart} + n, 'default', '{}'
  FROM generate_series(1, ${rowCount}) n;
INSERT INTO journal_identities (call_key, type, digest, seq)
  SELECT md5('call' || n)::uuid, 1, md5(n::text)::uuid, n FROM generate_series(1, ${rowCount}) n;
INSERT INTO journal_months SELECT month, min(seq) FROM journal GROUP BY month;
UPDATE journal_head SET last_seq = ${rowCount}, month = ${month + 2};
INSERT INTO quarantine (push_id, item_index, received_at, source, reason, bytes, body)
  SELECT n, 0, ${testStart}, 'default', 'not-json', 2, CASE WHEN n % 100 = 0 THEN '{}'::bytea END FROM generate_series(1, ${rowCount / 5}) n;
`;

const fullScan = /Seq Scan on (?:pushes(?!_id_seq)|journal_2025_0[567]|journal_identities|quarantine)/;
const sorting = /Sort Key: (?!push\.place|wanted\.place|incoming(?:_\d+)?\.place|entry\.seq)/;

/** The plans of what was asked: for these values and for any. None reads a growing table from end to end, or sorts what is not one batch or one call. */
async function plansOf(part: string): Promise<string[]> {
  const plans = await database.takePlans();
  for (const each of plans) {
    expect(each).toEqual({ ...each, plan: expect.not.stringMatching(fullScan) as string });
    expect(each).toEqual({ ...each, plan: expect.not.stringMatching(sorting) as string });
  }
  const found = plans.filter(({ sql }) => sql.includes(part)).map(({ plan }) => plan);
  expect(found.length).toBeGreaterThan(0);
  return found;
}

describe('the inbox', () => {
  it('is read, measured and emptied by its key', async () => {
    const reader = new InboxTableReader(database);
    const writer = new InboxTableWriter(database);
    const middle = rowCount / 2;
    expect(await reader.read(middle, 100, 1_000_000)).toHaveLength(100);
    expect((await reader.backlog(middle)).pending).toBe(middle);
    await writer.discard({ sortedUpTo: 10, receivedBefore: testStart + 11, limit: 10 });
    for (const plan of await plansOf('FROM pushes WHERE')) expect(plan).toContain('pushes_pkey');
  });

  it('finds a key that it has by the index of keys', async () => {
    const push = { receivedAt: 1, source: 'default', remoteAddress: '', body: Buffer.from('[]') };
    await new InboxTableWriter(database).append([{ ...push, key: '0197a0c0-0000-7000-8000-000000000001' }]);
    for (const plan of await plansOf('INSERT INTO pushes')) {
      expect(plan).toContain('Conflict Arbiter Indexes: pushes_key');
    }
  });
});

describe('a page of the journal', () => {
  it.each([
    ['in the first month', inMay],
    ['in the last', inJuly],
  ])('is a range of the primary key %s', async (_where, after) => {
    const reader = new JournalTableReader(database);
    expect((await reader.read(after, 50))[0]?.seq).toBe(after + 1);
    await reader.read(after, 50, ['recording.lost']);
    await reader.read(after, 50, messageTypes);
    for (const plan of await plansOf('AS entries')) {
      expect(plan).toMatch(/Index Cond: .*ROW\(.*month, .*seq\) > ROW/);
    }
  });

  it('leaves alone the months before it', async () => {
    const reader = new JournalTableReader(database);
    await reader.read(inJuly, 50);
    const [{ sql, values } = { sql: '', values: [] }] = database.noted;
    const literal = values.reduce<string>(
      (text, value, index) => text.replaceAll(`$${index + 1}`, String(value)),
      sql,
    );
    const rows = await database.script(`EXPLAIN (ANALYZE, TIMING off, COSTS off) ${literal}`);
    const plan = rows.map((row) => row['QUERY PLAN'] as string).join('\n');
    expect(plan).toMatch(/journal_2025_05_pkey.*\(never executed\)/);
    expect(plan).toMatch(/journal_2025_06_pkey.*\(never executed\)/);
    expect(plan).toMatch(/journal_2025_07_pkey.*\(actual rows=50/);
  });

  it('of single numbers, of one call, or from an instant on is looked up', async () => {
    const reader = new JournalTableReader(database);
    expect(await reader.bySeqs([inMay, inJuly])).toHaveLength(2);
    expect(await reader.seqAt(testStart + inJuly)).toBe(inJuly);
    await reader.ofCall('1^8', true);
    await reader.lastSeq();
    await reader.cursors();
    for (const plan of await plansOf('AS entry')) expect(plan).toContain('journal_2025_07_pkey');
  });
});

it('an append looks up what it has by identity, however many rows it thinks there are', async () => {
  const messages = Array.from({ length: 50 }, (_, index) => makeMessage(noteOf(`${index}`), testStart));
  await new JournalTable(database, partitions).append({ messages, quarantined: [], sortedUpTo: 5 });
  await new PublishingTable(database, partitions).publish(messages);
  for (const plan of await plansOf('journal_identities')) {
    expect(plan).toMatch(/Index Only Scan using journal_identities_pkey/);
    expect(plan).not.toMatch(/Hash|Merge/);
  }
});

it('a page of quarantine is a range of what is open', async () => {
  const reader = commonRolesIn(database, partitions).quarantine;
  const { next } = await reader.list({ limit: 10 });
  await reader.list({ limit: 10, ...(next === undefined ? {} : { after: next }) });
  await reader.get('q500');
  expect(await reader.count()).toBe(rowCount / 500);
  for (const plan of await plansOf('FROM quarantine')) expect(plan).toMatch(/quarantine_(?:open|pkey)/);
});
