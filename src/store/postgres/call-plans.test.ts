import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingStates, type RecordingState } from '../../domain/recording.js';
import type { Change } from '../projection.js';
import { rounds } from '../../../test/support/test-run.js';
import { NotingDatabase } from '../../../test/support/noting-database.js';
import { createDatabase, type TemporaryDatabase } from '../../../test/support/temporary-database.js';
import { testStart } from '../../../test/support/temporary-store.js';
import { CallsTableReader } from './calls-reader.js';
import { migrate } from './migrate.js';
import { Partitions } from './partitions.js';
import { ProjectionTable } from './projection-table.js';
import { RecordingsTableReader } from './recordings-reader.js';
import { commonRolesIn } from './run-work.js';
import { schemaSteps } from './store-schema.js';

const calls = rounds(200_000, 1_000_000);

/** One in a hundred is pending, one in a thousand lost, blocked or deleted; all others are archived. */
const state = `CASE WHEN i % 100 = 7 THEN 0 WHEN i % 1000 = 8 THEN 2 WHEN i % 1000 = 9 THEN 3 WHEN i % 1000 = 10 THEN 4 ELSE 1 END`;

const fill = [
  `INSERT INTO calls SELECT i, i || '^' || i + 7, i + 7, i / 10000, 'd' || i, i / 250, 'o' || i % 1000, NULL, NULL,
     ${testStart} + i * 1000, NULL, i % 300, 3, 0, ${testStart} + i * 1000, ${testStart} + i * 1000, ${testStart} + i * 1000,
     1 << (${state}) FROM generate_series(1, ${calls}) AS i`,
  `INSERT INTO recordings (id, call, call_id, host, path, link, link_seq, state, phase, deadline_at, next_attempt_at, leased_until)
   SELECT i, i, i || '^' || i + 7, 'h' || i % 7, '/' || i, 'http://h/' || i, i, ${state},
     CASE WHEN (${state}) = 0 THEN i / 100 % 3 END, ${testStart} + i * 1000, ${testStart}, ${testStart} + 9 FROM generate_series(1, ${calls}) AS i`,
  `INSERT INTO attempts (month, recording_id, at, outcome, reason, duration_ms, bytes)
   SELECT 664, i / 2, ${testStart}, 'ok', 'archived', 1, 1 FROM generate_series(1, 200000) AS i`,
  `INSERT INTO call_tags SELECT id, call_id, CASE WHEN id % 5000 = 0 THEN 'rare' ELSE 'wide' END, sort_at, 'a', sort_at
   FROM calls WHERE id % 10 = 0`,
  `UPDATE recording_counts SET count = (SELECT count(*) FROM recordings AS r WHERE r.state = recording_counts.state)`,
];

let temporary: TemporaryDatabase;
let database: NotingDatabase;
let partitions: Partitions;

beforeAll(async () => {
  temporary = await createDatabase();
  database = new NotingDatabase({ url: temporary.url, connections: 2, answerWithinMs: 120_000 });
  await migrate(database, schemaSteps);
  partitions = new Partitions(database);
  await partitions.need('attempts', [664]);
  await withoutIndexes(['calls', 'recordings', 'call_tags'], async () => {
    for (const sql of fill) await database.run(sql);
  });
  await database.run('ANALYZE calls, recordings, attempts, call_tags');
  database.noted.length = 0;
});

afterAll(async () => {
  await database.close();
  await temporary.drop();
});

/** A million rows go into a bare table in seconds. */
async function withoutIndexes(tables: readonly string[], work: () => Promise<void>): Promise<void> {
  const { rows } = await database.run(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = ANY($1::text[]) AND indexdef NOT LIKE '%UNIQUE%'`,
    [tables],
  );
  for (const { name } of rows) await database.run(`DROP INDEX ${name as string}`);
  await work();
  for (const { definition } of rows) await database.run(definition as string);
}

/** The plan of each statement since the last time: none reads a table from end to end. */
async function takePlans(): Promise<{ sql: string; plan: string }[]> {
  const plans = await database.takePlans();
  expect(plans.length).toBeGreaterThan(0);
  for (const { sql, plan } of plans) {
    expect(plan, sql).not.toMatch(/Seq Scan on (?:calls|recordings|call_tags|attempts_2025_05)|Parallel/);
  }
  return plans;
}

describe('a page of calls', () => {
  const filters = {
    callId: '8^15',
    taskId: '5',
    detailId: 'd5',
    batchId: '17',
    outId: 'o77',
    from: testStart + 3_600_000,
    to: testStart + 900_000_000,
    minDuration: 10,
    maxDuration: 100,
    tag: 'wide',
  };
  type Name = keyof typeof filters;
  const names = Object.keys(filters) as Name[];
  const indexes: Partial<Record<Name, string>> = {
    callId: 'calls_call',
    outId: 'calls_out',
    detailId: 'calls_detail',
    batchId: 'calls_batch',
    taskId: 'calls_task',
  };

  /** The index that is to drive a query: of what is asked for, what the fewest calls share. */
  function toIndex(asked: readonly Name[], state?: RecordingState): string {
    const ofState = state && `calls_${state}`;
    const has = (name: Name): string | undefined => (asked.includes(name) ? indexes[name] : undefined);
    const narrow = has('callId') ?? has('outId') ?? has('detailId');
    const wide = has('batchId') ?? has('taskId');
    const tagged = asked.includes('tag') ? 'call_tags_tag' : undefined;
    const isRare = state === 'lost' || state === 'blocked' || state === 'deleted';
    // A length stands in the index of the order itself.
    const hasLength = asked.includes('minDuration') || asked.includes('maxDuration');
    const ofWideState = hasLength ? undefined : ofState;
    return narrow ?? tagged ?? (isRare ? ofState : undefined) ?? wide ?? ofWideState ?? 'calls_sorted';
  }

  it('is read in the order of the index of what is asked for, whatever that is', async () => {
    const reader = new CallsTableReader(database);
    const pairs = names.flatMap((one, index) => names.slice(index).map((other) => [one, other] as const));
    for (const asked of [...pairs, []]) {
      const way = Object.fromEntries(asked.map((name) => [name, filters[name]]));
      for (const state of [undefined, ...recordingStates]) {
        const query = { limit: 50, ...way, ...(state ? { state } : {}) };
        const { next } = await reader.search(query);
        await reader.search({ ...query, after: next ?? { sortAt: testStart + calls * 500, id: 5 } });
        await reader.count(query);
        const index = toIndex(asked, state);
        const plans = await takePlans();
        for (const { sql, plan } of plans.filter((each) => each.sql.includes('FROM calls'))) {
          expect(plan, `${JSON.stringify(query)}\n${sql}`).toMatch(
            new RegExp(`using ${index} on call(?:s|_tags)\\b`),
          );
          // Of one callId there is one call; a page of any other is not gathered first and sorted then.
          if (index !== 'calls_call') expect(plan, JSON.stringify(query)).not.toContain('Sort');
        }
      }
    }
  });

  it('is found for q in an index of every kind of id; what is sorted is a page of each', async () => {
    const reader = new CallsTableReader(database);
    for (const q of ['5', '8^15', 'd77', 'nothing', 'o77']) {
      const { next } = await reader.search({ limit: 50, q });
      if (next) await reader.search({ limit: 50, q, after: next });
      await reader.search({ limit: 50, q, state: 'lost', taskId: '5' });
    }
    const plans = (await takePlans()).filter(({ sql }) => sql.includes('UNION'));
    expect(plans.length).toBeGreaterThan(0);
    for (const { plan } of plans) {
      for (const index of ['tail', 'task', 'detail', 'batch', 'out', 'call', 'pkey']) {
        expect(plan).toMatch(new RegExp(`(using|on) calls_${index}\\b`));
      }
    }
  });

  it('finds one call by its callId without a look at others', async () => {
    expect(await new CallsTableReader(database).get('8^15')).toBeDefined();
    await takePlans();
  });
});

describe('a page of recordings', () => {
  it('is read in the order of the index by deadline, one state or all', async () => {
    const reader = new RecordingsTableReader(database);
    for (const state of [undefined, ...recordingStates]) {
      const query = { limit: 50, ...(state ? { state } : {}) };
      const { next } = await reader.list(query);
      await reader.list({ ...query, after: next ?? { deadlineAt: testStart, id: 'r5' } });
    }
    for (const { plan } of await takePlans()) {
      expect(plan).toContain('using recordings_by_deadline');
      expect(plan).not.toContain('Sort  ');
    }
  });

  it('of one call is found by that call', async () => {
    const reader = new RecordingsTableReader(database);
    for (const state of [undefined, ...recordingStates]) {
      await reader.list({ limit: 50, callId: '8^15', ...(state ? { state } : {}) });
    }
    for (const { plan } of await takePlans()) expect(plan).toContain('using recordings_call');
  });

  it('counts, looks up, and tells attempts and the next deadline without reading a table', async () => {
    const reader = new RecordingsTableReader(database);
    await reader.counts();
    await reader.nextDeadlineAt();
    await reader.openByHoursLeft(testStart);
    await reader.get('r5');
    await reader.attempts('r5');
    await takePlans();
  });
});

describe('work on recordings', () => {
  it('looks at what is due, waiting, leased or blocked, in the order of its indexes', async () => {
    const downloads = commonRolesIn(database, partitions).downloads;
    const request = { leaseMs: 1_000, limit: 8, perHost: 4, running: { h1: 2 } };
    const claimed = await downloads.claim({ ...request, now: testStart + 10 });
    expect(claimed).toHaveLength(8);
    await downloads.renew(claimed, testStart + 5_000);
    const attempt = { at: testStart, outcome: 'refuse', reason: 'expired', durationMs: 1, bytes: 0 } as const;
    const verdicts = [
      { kind: 'lost', reason: 'expired' },
      { kind: 'blocked', reason: 'host-not-allowed' },
      { kind: 'released' },
    ] as const;
    for (const [index, verdict] of verdicts.entries()) {
      const { id, generation } = claimed[index] ?? { id: '', generation: 0 };
      expect(await downloads.settle({ id, generation, verdict, attempt, now: testStart })).toBe(true);
    }
    expect(await downloads.unblock(testStart, 10)).toBe(10);
    await commonRolesIn(database, partitions).recordingsWriter.remove('r5', testStart);
    const plans = await takePlans();
    for (const index of ['waiting', 'leased', 'due', 'by_deadline', 'pkey', 'call']) {
      expect(
        plans.some(({ plan }) => plan.includes(`using recordings_${index}`)),
        index,
      ).toBe(true);
    }
    for (const { sql, plan } of plans.filter(({ sql }) => sql.includes('SKIP LOCKED'))) {
      expect(plan, sql).not.toMatch(/Bitmap|Hash|Sort Key: recordings/);
    }
  });
});

describe('a batch of the projector', () => {
  it('asks of each message and each event by an index', async () => {
    const projection = new ProjectionTable(database);
    const link = (path: string) => ({ link: `http://h${path}?x`, host: 'h', path, deadlineAt: testStart });
    const changes: Change[] = [1, 2, 3, 4].flatMap((index): Change[] => {
      const told = { kind: 'message', rank: 3, receivedAt: testStart, flags: [] } as const;
      const known = index * 1_000;
      const seq = calls + index * 4;
      return [
        { ...told, seq, callId: `new${index}`, recording: link('/new') },
        { ...told, seq: seq + 1, callId: `${known}^${known + 7}`, recording: link(`/${known}`) },
        { ...told, seq: seq + 2, callId: `${known}^${known + 7}`, recording: link('/more') },
        { kind: 'lost', seq: seq + 3, recordingId: `r${known}`, reason: 'expired', linkSeq: seq },
      ];
    });
    await projection.apply(changes, calls + 20);
    for (const { sql, plan } of await takePlans())
      expect(plan, sql).not.toMatch(/Bitmap|Hash Join|Merge Join/);
  });
});
