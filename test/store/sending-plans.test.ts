import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attemptAt, batchesOf } from '../conformance/dispatch-driver.js';
import { NotingDatabase } from '../support/noting-database.js';
import { createDatabase, type TemporaryDatabase } from '../support/temporary-database.js';
import { rounds } from '../support/test-run.js';
import { testStart } from '../support/temporary-store.js';
import { withoutIndexes } from '../support/without-indexes.js';
import type { CommonRoles } from '../../src/store/common-roles.js';
import { deliveryStates } from '../../src/domain/delivery.js';
import { migrate } from '../../src/store/postgres/migrate.js';
import { Partitions, toMonth } from '../../src/store/postgres/partitions.js';
import { commonRolesIn } from '../../src/store/postgres/run-work.js';
import { schemaSteps } from '../../src/store/postgres/store-schema.js';

let temporary: TemporaryDatabase;
let database: NotingDatabase;
let roles: CommonRoles;

/** Deliveries of ten messages each. Endpoint 1 has most of them, 2 the dead, 3 next to nothing, and 4 is removed. */
const rowCount = rounds(200_000, 1_000_000);
const lease = { endpointId: 'e3', generation: 7 };

beforeAll(async () => {
  temporary = await createDatabase();
  database = new NotingDatabase({ url: temporary.url, connections: 4, answerWithinMs: 120_000 });
  await migrate(database, schemaSteps);
  const partitions = new Partitions(database);
  roles = commonRolesIn(database, partitions);
  const months = [0, 1, 2].map((count) => toMonth(testStart) + count);
  await partitions.need('delivery_attempts', months);
  await withoutIndexes(database, ['deliveries', 'delivery_stretches'], () => database.script(fill));
  // Statements of their own: VACUUM lets itself be put into no transaction, and what is explained needs statistics.
  for (const table of ['deliveries', 'delivery_stretches', 'delivery_attempts', 'endpoints', 'replays'])
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
INSERT INTO endpoints (settings, secrets, start, is_removed, cursor, created_at, generation, leased_until)
  SELECT '{}', '[]', '"now"', (n = 4)::int, 0, 0, 7, 1 FROM generate_series(1, 200) n;
INSERT INTO deliveries (id, endpoint, state, place, place_offset, webhook_id, seqs, count, first_seq, last_seq, attempts,
    next_attempt_at, reason, created_at, half_of, replay_of, replayed_as)
  SELECT n, endpoint, state, n, 0, 'msg_' || n, (n * 10) || '-' || (n * 10 + 9), 10, n * 10, n * 10 + 9, 1,
    CASE WHEN state = 0 THEN ${testStart} END, CASE WHEN state = 2 THEN 'server-error' END, ${testStart},
    CASE WHEN n % 1000 = 0 THEN n - 1 END, NULL, CASE WHEN state = 2 AND n % 10 < 9 THEN n + 1 END
  FROM (SELECT n, CASE WHEN n > ${rowCount} - 20 THEN 3 WHEN n % 100 = 0 THEN 4 WHEN n % 5 = 0 THEN 2 ELSE 1 END AS endpoint,
    CASE WHEN n > ${rowCount} - 100 THEN 0 WHEN n % 5 = 0 THEN 2 ELSE 1 END AS state FROM generate_series(1, ${rowCount}) n) made;
SELECT setval('deliveries_id_seq', ${rowCount});
INSERT INTO delivery_stretches SELECT endpoint, first_seq / 65536, id, first_seq, last_seq FROM deliveries;
INSERT INTO delivery_attempts (month, delivery, at, outcome, reason, status, duration_ms, is_probe, exchange)
  SELECT ${toMonth(testStart)} + n % 3, n * 3, ${testStart}, 'ok', 'acknowledged', 200, 3, 0, '{}'
  FROM generate_series(1, ${rowCount / 5}) n;
INSERT INTO delivery_tallies SELECT endpoint, state, count(*) FROM deliveries GROUP BY endpoint, state;
INSERT INTO replays (endpoint, selection, state, position, end_position, created_at)
  SELECT 1 + n % 3, '{"kind":"dead"}', (n < 9990)::int, 0, 100, 0 FROM generate_series(1, 10000) n;
`;

/** Tables that grow with time. Endpoints are hundreds at most, and read whole; the month to come is empty. */
const fullScan = /Seq Scan on (?:deliveries|delivery_attempts(?!_2025_08)|delivery_stretches|replays)/;

/** The plans of what was asked of the growing tables: for these values and for any. None reads one from end to end. */
async function plansOf(part: string): Promise<string[]> {
  const plans = await database.takePlans();
  for (const each of plans)
    expect(each).toEqual({ ...each, plan: expect.not.stringMatching(fullScan) as string });
  const found = plans.filter(({ sql }) => sql.includes(part)).map(({ plan }) => plan);
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** A piece of an index, read from its end. */
const pieceOf = (index: string): RegExp =>
  new RegExp(`Limit .*\\n +-> +Index Scan Backward using ${index} on deliveries`);

describe('a page of deliveries', () => {
  const reader = () => roles.deliveries;
  const pages = [{}, { after: 'd500000' }];

  it('of all of them is a piece of an index, of one state or all', async () => {
    for (const page of pages) {
      await reader().list({ limit: 50, ...page });
      for (const plan of await plansOf('FROM deliveries')) expect(plan).toMatch(pieceOf('deliveries_pkey'));
      for (const state of deliveryStates) {
        await reader().list({ limit: 50, state, ...page });
        for (const plan of await plansOf('FROM deliveries'))
          expect(plan).toMatch(pieceOf(`deliveries_${state}`));
      }
    }
  });

  it('of one endpoint is a piece of an index, however little is between that of others', async () => {
    for (const endpointId of ['e1', 'e2', 'e3']) {
      for (const page of pages) {
        for (const state of deliveryStates) {
          await reader().list({ limit: 50, state, endpointId, ...page });
          for (const plan of await plansOf('FROM deliveries'))
            expect(plan).toMatch(pieceOf(`deliveries_endpoint_${state}`));
        }
        await reader().list({ limit: 50, endpointId, ...page });
        const plans = (await plansOf('FROM deliveries')).join('\n');
        for (const state of deliveryStates) expect(plans).toMatch(pieceOf(`deliveries_endpoint_${state}`));
      }
    }
  });

  it('leads to one delivery, its attempts and its messages by their numbers', async () => {
    await reader().get('d5');
    await reader().seqs('d5');
    for (const plan of await plansOf('FROM deliveries')) expect(plan).toContain('using deliveries_pkey');
    await reader().attempts('d6');
    for (const plan of await plansOf('FROM delivery_attempts')) expect(plan).toContain('delivery_id_idx');
  });
});

describe('the deliveries of one message', () => {
  it('are looked for in its stretch, endpoint by endpoint', async () => {
    const reader = roles.deliveries;
    for (const endpointId of [undefined, 'e1', 'e2', 'e3']) {
      for (const state of [undefined, ...deliveryStates]) {
        const query = { limit: 50, ...(endpointId ? { endpointId } : {}), ...(state ? { state } : {}) };
        const middle = rowCount / 2 + 1;
        const { items } = await reader.list({ ...query, seq: middle * 10 + 7, after: `d${0.9 * rowCount}` });
        if (!state)
          expect(items.map(({ id }) => id)).toEqual(endpointId === 'e1' || !endpointId ? [`d${middle}`] : []);
        for (const plan of await plansOf('FROM delivery_stretches')) {
          expect(plan).toMatch(/Index (?:Only )?Scan using delivery_stretches_pkey on delivery_stretches/);
          expect(plan).toContain(`Index Scan using deliveries_${state ?? 'pkey'} on deliveries`);
          expect(plan).toMatch(/Index Cond: \(id = (?:delivery_stretches|noted)\.delivery\)/);
          expect(plan).toMatch(/Index Cond: .*stretch = .*delivery < /);
        }
      }
    }
  });
});

describe('whoever sends', () => {
  it('finds what is open, in order, without a look at what is done', async () => {
    for (const id of ['e1', 'e3']) {
      await roles.deliveries.open(id, 256);
      for (const plan of await plansOf('FROM deliveries'))
        expect(plan).toMatch(/Limit .*\n +-> +Index Scan using deliveries_open on deliveries/);
      await roles.endpoints.tally(id);
      for (const plan of await plansOf('FROM endpoints')) expect(plan).toContain('deliveries_open');
    }
  });

  it('finds where a message is in the stretch that it belongs to', async () => {
    await roles.deliveries.covered('e1', [5, 1_000_000]);
    for (const plan of await plansOf('FROM delivery_stretches')) {
      expect(plan).toMatch(/Index Scan (?:using|on) delivery_stretches_pkey/);
      expect(plan).toMatch(/Index Cond: .*endpoint = .*stretch = /);
      expect(plan).toMatch(/Filter: .*first_seq <= .*last_seq >= /);
      expect(plan).toContain('Nested Loop');
      expect(plan).toContain('Index Scan using deliveries_pkey');
    }
  });

  it('cuts, settles, halves and replays by indexes alone', async () => {
    const dispatch = roles.dispatch;
    const at = { lease, health: { failuresInARow: 1, probeAt: testStart }, now: testStart };
    const [made] = await dispatch.cut([
      { lease, from: 0, to: 99, batches: batchesOf([1, 2], [3], [4], [5]), now: testStart },
    ]);
    const [first, second, third] = made ?? [];
    const [one, two] = batchesOf([1], [2]);
    if (!first || !second || !third || !one || !two) throw new Error('the lease is ours');
    const halved = { kind: 'halved', halves: [one, two] } as const;
    await dispatch.settle([
      { ...at, deliveryId: first.id, attempt: attemptAt(testStart), verdict: halved },
      ...Array.from({ length: 25 }, (_, count) => ({
        ...{ ...at, deliveryId: second.id, attempt: attemptAt(testStart + count, { isProbe: true }) },
        verdict: { kind: 'retry', nextAttemptAt: testStart } as const,
      })),
      { ...at, deliveryId: third.id, attempt: attemptAt(testStart), verdict: { kind: 'delivered' } },
    ]);
    const open = await roles.deliveries.open('e3', 100);
    const attempt = attemptAt(testStart + 100);
    const dead = { kind: 'dead' } as const;
    await dispatch.settle(
      open.slice(-4, -2).map(({ id }) => ({ ...at, deliveryId: id, attempt, verdict: dead })),
    );
    await roles.replaysWriter.replayDelivery(first.id, 'again', testStart);
    const replays = roles.replaysWriter;
    const { id } = (await replays.start('e3', { kind: 'dead' }, testStart)) ?? { id: '' };
    const [found] = await roles.replays.deadDeliveries('e3', 0, 2 * rowCount, 1);
    await dispatch.cutReplay({
      ...{ lease, replayId: id, position: rowCount, batches: batchesOf([1]), repeats: [found?.id ?? ''] },
      ...{ isDone: true, now: testStart },
    });
    const sqls = database.noted.map(({ sql }) => sql);
    for (const part of [
      'WITH RECURSIVE wholes',
      'WITH RECURSIVE parts',
      'row_number()',
      'DELETE FROM delivery_attempts',
    ])
      expect(sqls.filter((sql) => sql.includes(part))).not.toEqual([]);
    await plansOf('UPDATE deliveries');
  });

  it('serves endpoints by their ids', async () => {
    const dispatch = roles.dispatch;
    await dispatch.renew([lease], testStart + 60_000);
    await dispatch.acquire({ now: 0, until: 0, limit: 10 });
    await dispatch.count(testStart);
    await plansOf('FROM endpoints');
  });
});

describe('replays', () => {
  it('are found by their endpoint, and what they would send by an index of its own', async () => {
    const reader = roles.replays;
    for (const id of ['e1', 'e2', 'e3']) {
      await reader.get('p1');
      await reader.list(id);
      await reader.running(id);
      await plansOf('FROM replays');
      await reader.deadDeliveries(id, 100, rowCount, 50);
      for (const plan of await plansOf('FROM deliveries'))
        expect(plan).toMatch(/Limit .*\n +-> +Index Scan using deliveries_replayable on deliveries/);
      await roles.replaysWriter.start(id, { kind: 'dead' }, testStart);
      for (const plan of await plansOf('FROM deliveries'))
        expect(plan).toMatch(/Backward using deliveries_replayable/);
      await reader.countDead(id);
      for (const plan of await plansOf('FROM deliveries'))
        expect(plan).toContain('Index Only Scan using deliveries_replayable');
    }
  });
});

describe('a replay of what died of one reason', () => {
  it('finds it in an index by reason, however many died of others', async () => {
    const reader = roles.replays;
    for (const reason of ['server-error', 'timeout'] as const) {
      for (const id of ['e1', 'e2', 'e3']) {
        await reader.deadDeliveries(id, 100, rowCount, 50, reason);
        for (const plan of await plansOf('FROM deliveries')) {
          expect(plan).toMatch(/Limit .*\n +-> +Index Scan using deliveries_replayable_reason on deliveries/);
          expect(plan).toMatch(/Index Cond: .*reason, endpoint, id.*reason, endpoint, id/);
        }
        await roles.replaysWriter.start(id, { kind: 'dead', reason }, testStart);
        for (const plan of await plansOf('FROM deliveries'))
          expect(plan).toMatch(/Backward using deliveries_replayable_reason/);
        await reader.countDead(id, { reason });
        for (const plan of await plansOf('FROM deliveries')) {
          expect(plan).toContain('Index Only Scan using deliveries_replayable_reason');
          expect(plan).toMatch(/Index Cond: .*reason, endpoint, id.*reason, endpoint, id/);
        }
      }
    }
  });
});

describe('a removed endpoint', () => {
  it('is swept by its own rows', async () => {
    const endpoints = roles.endpointsWriter;
    expect(await endpoints.sweepRemoved(200)).toBe(200);
    for (const plan of await plansOf('SELECT id, seqs FROM deliveries'))
      expect(plan).toMatch(/Limit .*\n +-> +Index Scan using deliveries_endpoint_/);
  });
});
