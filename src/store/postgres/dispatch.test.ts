import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  attemptAt,
  batchesOf,
  driveDispatch,
  range,
  secret,
  settings,
} from '../../../test/conformance/dispatch-driver.js';
import { createPreparedDatabase, type TemporaryDatabase } from '../../../test/support/temporary-database.js';
import { testStart } from '../../../test/support/temporary-store.js';
import { until } from '../../../test/support/until.js';
import { Database } from './database.js';
import { openPostgresStore, type PostgresStore } from './open-postgres-store.js';

let temporary: TemporaryDatabase;
/** Of processes that share the database. */
let stores: PostgresStore[];
let database: Database;

const storeOf = (process: number): PostgresStore => {
  const store = stores[process % stores.length];
  if (!store) throw new Error('there are some');
  return store;
};

beforeEach(async () => {
  temporary = await createPreparedDatabase();
  stores = range(1, 4).map(() => openPostgresStore({ url: temporary.url, connections: 3 }));
  database = new Database({ url: temporary.url, connections: 1 });
  await storeOf(0).prepare();
});
afterEach(async () => {
  await Promise.all([database.close(), ...stores.map((store) => store.close())]);
  await temporary.drop();
});

const create = (count: number) =>
  Promise.all(
    range(1, count).map((name) =>
      storeOf(name).endpointsWriter.create({
        settings: { ...settings, name: `${name}` },
        start: 'beginning',
        secret,
        now: testStart,
      }),
    ),
  );
const acquireAt = (process: number, now: number, limit = 100) =>
  storeOf(process).dispatch.acquire({ now, until: now + 10_000, limit });

describe('endpoints, where many processes serve them', () => {
  it('are each taken by one, whoever asks at the same moment', async () => {
    await create(40);
    for (const now of [testStart, testStart + 10_000]) {
      const taken: string[] = [];
      for (let rounds = 0; taken.length < 40 && rounds < 40; rounds++) {
        const answers = await Promise.all(range(0, 7).map((process) => acquireAt(process, now, 7)));
        taken.push(...answers.flat().map(({ lease }) => lease.endpointId));
      }
      expect(taken.toSorted()).toEqual(
        range(1, 40)
          .map((id) => `e${id}`)
          .toSorted(),
      );
    }
  });

  it('are not given twice under one generation, though the database forgot the first time', async () => {
    await create(1);
    const before = (await database.run('SELECT generation, leased_until FROM endpoints')).rows[0];
    const [first] = await acquireAt(0, testStart);
    if (!first) throw new Error('it was free');
    // As a standby has it that was promoted before it heard of the lease.
    await database.run('UPDATE endpoints SET generation = $1, leased_until = $2', [
      before?.['generation'],
      before?.['leased_until'],
    ]);
    const [second] = await acquireAt(1, testStart + 1);
    if (!second) throw new Error('it is free');
    expect(second.lease.generation).not.toBe(first.lease.generation);
    expect(await storeOf(0).dispatch.renew([first.lease], testStart + 60_000)).toEqual([]);
    expect(await driveDispatch(storeOf(0)).cut(first.lease, 0, 1, [1])).toBeUndefined();
    expect(await driveDispatch(storeOf(1)).cut(second.lease, 0, 1, [1])).toHaveLength(1);
  });

  it('are cut, settled, replayed and renewed by all of them at once, and nobody waits in a circle', async () => {
    await create(6);
    const leases = (await acquireAt(0, testStart)).map(({ lease }) => lease);
    const cuts = (shift: number, from: number) =>
      [...leases.slice(shift), ...leases.slice(0, shift)].map((lease) => ({
        ...{ lease, from, to: from + 4, now: testStart },
        batches: batchesOf([from + 1, from + 2], [from + 3, from + 4]),
      }));
    for (let round = 0; round < 6; round++) {
      const wanted = cuts(round, 4 * round);
      const made = await storeOf(round).dispatch.cut(wanted);
      const settlements = wanted.flatMap(({ lease }, index) =>
        (made[index] ?? []).map(({ id }, half) => ({
          lease,
          deliveryId: id,
          attempt: attemptAt(testStart + round),
          verdict: half === 0 ? ({ kind: 'dead' } as const) : ({ kind: 'delivered' } as const),
          health: { failuresInARow: half },
          now: testStart,
        })),
      );
      const thirds = [0, 1, 2].map((third) => settlements.filter((_, index) => index % 3 === third));
      await Promise.all([
        ...thirds.map((third, index) =>
          storeOf(index).dispatch.settle(index % 2 ? third.toReversed() : third),
        ),
        storeOf(3).dispatch.renew(leases.toReversed(), testStart + 60_000),
        storeOf(2).dispatch.cut(cuts(5 - round, 999)),
        ...range(1, 4 * round).map((id) =>
          storeOf(id).replaysWriter.replayDelivery(`d${id}`, `again ${round} ${id}`, testStart),
        ),
        storeOf(1).endpointsWriter.change('e3', { isPaused: round % 2 === 0 }),
      ]);
    }
    // What a session has counted is told when it ends.
    await Promise.all(stores.map((store) => store.close()));
    const { rows } = await database.run(
      `SELECT (SELECT json_agg(t ORDER BY endpoint, state) FROM delivery_tallies t)::text
         = (SELECT json_agg(t ORDER BY endpoint, state) FROM (SELECT endpoint, state, count(*) FROM deliveries GROUP BY 1, 2) t)::text
         AS are_exact, (SELECT count(*) FROM deliveries WHERE state > 0) AS settled,
         (SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()) AS deadlocks`,
    );
    expect(rows[0]).toEqual({ are_exact: true, settled: 72, deadlocks: 0 });
  });

  it('that were removed are swept by one at a time, and everything of theirs goes', async () => {
    await create(2);
    const [one, two] = (await acquireAt(0, testStart)).map(({ lease }) => lease);
    if (!one || !two) throw new Error('there are two');
    for (const lease of [one, two])
      await driveDispatch(storeOf(0)).cut(lease, 0, 90, ...range(1, 90).map((seq) => [seq]));
    await storeOf(0).endpointsWriter.remove('e1');
    let swept = 0;
    while (swept < 90) {
      const counts = await Promise.all(stores.map((store) => store.endpointsWriter.sweepRemoved(20)));
      swept += counts.reduce((sum, count) => sum + count, 0);
    }
    await storeOf(0).endpointsWriter.sweepRemoved(20);
    const { rows } = await database.run(
      `SELECT (SELECT count(*) FROM deliveries) AS deliveries, (SELECT count(*) FROM delivery_stretches) AS stretches,
         (SELECT count(*) FROM delivery_tallies) AS tallies, (SELECT count(*) FROM endpoints) AS endpoints`,
    );
    expect(rows[0]).toEqual({ deliveries: 90, stretches: 90, tallies: 1, endpoints: 1 });
    expect(swept).toBe(90);
  });
});

describe('whoever serves endpoints', () => {
  it('hears of each change from whatever process', async () => {
    const heard: string[] = [];
    const stop = storeOf(1).shared.wakeUps.listen((wakeUp) => heard.push(wakeUp));
    const hears = async (what: string, change: () => Promise<unknown>): Promise<void> => {
      heard.length = 0;
      await change();
      await until(() => heard.includes('endpoints'), { what: `the other hears of ${what}`, everyMs: 5 });
    };
    const { endpointsWriter, dispatch, replaysWriter } = storeOf(0);
    // Until it listens, what is said is not heard.
    await until(
      async () => {
        await endpointsWriter.create({ settings, start: 'beginning', secret, now: testStart });
        return heard.length > 0;
      },
      { what: 'it listens', everyMs: 20 },
    );
    await hears('a pause', () => endpointsWriter.change('e1', { isPaused: true }));
    const lease = (await acquireAt(0, testStart))[0]?.lease;
    if (!lease) throw new Error('it is free');
    const id = await driveDispatch(storeOf(0)).conclude(lease, 0, [1], { kind: 'dead' });
    await hears('a replay', () => replaysWriter.start('e1', { kind: 'dead' }, testStart));
    await hears('one delivery that is sent again', () =>
      replaysWriter.replayDelivery(id, 'again', testStart),
    );
    await hears('an endpoint that is free', () => dispatch.release([lease]));
    await hears('one that is gone', () => endpointsWriter.remove('e1'));
    stop();
  });
});
