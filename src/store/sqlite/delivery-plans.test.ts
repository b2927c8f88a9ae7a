import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commonRolesOn } from './common-roles.js';
import { deliveryStates } from '../../domain/delivery.js';
import { attemptAt, batchesOf, driveDispatch, range } from '../../../test/conformance/dispatch-driver.js';
import { makeMessage, noteOf } from '../../../test/support/make-message.js';
import { NotingConnection } from '../../../test/support/noting-connection.js';
import { openTemporaryStore, testStart, type TemporaryStore } from '../../../test/support/temporary-store.js';
import type { EndpointLease } from '../deliveries.js';
import { JournalTableReader } from './journal-reader.js';

let store: TemporaryStore;
let connection: NotingConnection;
let id: string;
let lease: EndpointLease;

beforeAll(async () => {
  store = openTemporaryStore();
  await store.journalWriter.append({
    messages: range(1, 3_000).map((index) => makeMessage(noteOf(`${index}`), testStart + index)),
    quarantined: [],
  });
  const drive = driveDispatch(store);
  for (let count = 0; count < 2; count++) {
    ({ id, lease } = await drive.serve());
    const made = (await drive.cut(lease, 0, 3_000, ...range(1, 3_000).map((seq) => [seq]))) ?? [];
    const settled = made.slice(0, -10).map(({ id: deliveryId }, index) => ({
      deliveryId,
      verdict: { kind: index % 5 === 0 ? ('dead' as const) : ('delivered' as const) },
    }));
    await drive.settleAll(settled, lease);
    for (const until of [1_000, 2_000, 3_000]) {
      await store.replaysWriter.start(
        id,
        { kind: 'window', afterSeq: 0, untilSeq: until, missed: true },
        testStart,
      );
    }
  }
  connection = new NotingConnection(store.files.store, { busyTimeoutMs: 1_000, cacheKiB: 16 * 1024 });
});

afterAll(() => {
  connection.close();
  store.close();
});

/** Tables that grow with time. Endpoints are hundreds at most, and read whole. */
const growing = 'journal|deliveries|delivery_attempts|delivery_stretches|delivery_tallies|replays';
const fullScan = new RegExp(`SCAN (?:${growing})(?! USING (?:COVERING )?INDEX)`);
const sorting = /USE TEMP B-TREE FOR (?:LAST \d+ TERMS? OF )?ORDER BY/;

/** The plan of each query since the last time, beside it; none reads a table from end to end, or sorts. */
function takePlans(): string[] {
  const queries = connection.noted.map(({ sql }) => sql);
  const plans = connection.takePlans();
  expect(plans.length).toBeGreaterThan(0);
  for (const [index, plan] of plans.entries()) {
    expect([queries[index], plan]).toEqual([queries[index], expect.not.stringMatching(fullScan)]);
    expect([queries[index], plan]).toEqual([queries[index], expect.not.stringMatching(sorting)]);
  }
  return plans;
}

describe('a page of deliveries', () => {
  it('is read in the order of an index, of one endpoint or all, one state or all', () => {
    const reader = commonRolesOn(connection).deliveries;
    for (const endpointId of [undefined, id]) {
      for (const state of [undefined, ...deliveryStates]) {
        const query = { limit: 50, ...(endpointId ? { endpointId } : {}), ...(state ? { state } : {}) };
        const { next } = reader.list(query);
        reader.list({ ...query, after: next ?? 'd5' });
      }
    }
    takePlans();
  });

  it('uses the index of what was asked for', () => {
    const reader = commonRolesOn(connection).deliveries;
    reader.list({ limit: 5, after: 'd900' });
    expect(takePlans()[0]).toContain('SEARCH deliveries USING INTEGER PRIMARY KEY (rowid<?)');
    reader.list({ limit: 5, state: 'dead', after: 'd900' });
    expect(takePlans()[0]).toContain('SEARCH deliveries USING INDEX deliveries_state (state=? AND rowid<?)');
    reader.list({ limit: 5, endpointId: id, state: 'dead', after: 'd900' });
    expect(takePlans()[1]).toBe(
      'SEARCH deliveries USING INDEX deliveries_endpoint (endpoint=? AND state=? AND rowid<?)',
    );
  });

  it('looks at one delivery, its attempts and its messages by their numbers', () => {
    const reader = commonRolesOn(connection).deliveries;
    reader.get('d5');
    reader.seqs('d5');
    reader.attempts('d5');
    const plans = takePlans();
    expect(plans.at(-1)).toContain('INDEX delivery_attempts_delivery (delivery=?)');
  });
});

describe('the deliveries of one message', () => {
  it('are looked for in its stretch, newest first, endpoint by endpoint', () => {
    const reader = commonRolesOn(connection).deliveries;
    for (const endpointId of [undefined, id]) {
      for (const state of [undefined, ...deliveryStates]) {
        const query = { limit: 50, ...(endpointId ? { endpointId } : {}), ...(state ? { state } : {}) };
        const { items } = reader.list({ ...query, seq: 7 });
        if (!state) expect(items).toHaveLength(endpointId ? 1 : 2);
        reader.list({ ...query, seq: 7, after: 'd5' });
        const plans = takePlans().filter((plan) => plan.includes('delivery_stretches'));
        expect(plans).toHaveLength(endpointId ? 2 : 4);
        for (const plan of plans) {
          expect(plan).toContain(
            'SEARCH delivery_stretches USING PRIMARY KEY (endpoint=? AND stretch=? AND delivery<?)\n' +
              'SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)',
          );
        }
      }
    }
  });
});

describe('whoever sends', () => {
  it('finds what is open, in order, without a look at what is done', () => {
    commonRolesOn(connection).deliveries.open(id, 100);
    expect(takePlans()).toEqual(['SEARCH deliveries USING INDEX deliveries_open (endpoint=?)']);
    commonRolesOn(connection).endpoints.tally(id);
    const [plan] = takePlans();
    expect(plan).toContain('INDEX deliveries_open (endpoint=?)');
    expect(plan).toContain('COVERING INDEX deliveries_replayable (endpoint=?)');
  });

  it('finds where a message is in the stretch that it belongs to', () => {
    commonRolesOn(connection).deliveries.covered(id, [5, 100_000]);
    for (const plan of takePlans()) {
      expect(plan).toBe(
        'SEARCH delivery_stretches USING PRIMARY KEY (endpoint=? AND stretch=?)\n' +
          'SEARCH deliveries USING INTEGER PRIMARY KEY (rowid=?)',
      );
    }
  });

  it('cuts, settles, halves and replays by indexes alone', () => {
    const dispatch = commonRolesOn(connection).dispatch;
    const at = { lease, health: { failuresInARow: 0 }, now: testStart };
    const [made] = dispatch.cut([
      { lease, from: 3_000, to: 3_009, batches: batchesOf([3_001, 3_002], [3_003]), now: testStart },
    ]);
    const [first, second] = made ?? [];
    if (!first || !second) throw new Error('the lease is ours');
    const [one, two] = batchesOf([3_001], [3_002]);
    if (!one || !two) throw new Error('two were made');
    const halved = { kind: 'halved', halves: [one, two] } as const;
    dispatch.settle([
      { ...at, deliveryId: first.id, attempt: attemptAt(testStart), verdict: halved },
      {
        ...at,
        deliveryId: second.id,
        attempt: attemptAt(testStart, { isProbe: true }),
        verdict: { kind: 'retry', nextAttemptAt: testStart },
      },
    ]);
    const halves = commonRolesOn(connection).deliveries.open(id, 100).slice(-3, -1);
    dispatch.settle(
      halves.map(({ id: deliveryId }) => ({
        ...at,
        deliveryId,
        attempt: attemptAt(testStart + 1),
        verdict: { kind: 'dead' },
      })),
    );
    const [dead] = commonRolesOn(connection).replays.deadDeliveries(id, 0, 1_000_000, 1);
    if (!dead) throw new Error('some are dead');
    const step = {
      lease,
      position: 10,
      batches: [{ webhookId: 'msg', seqs: dead.seqs }],
      repeats: [dead.id],
    };
    dispatch.cutReplay({ ...step, replayId: 'p4', isDone: false, now: testStart });
    commonRolesOn(connection).replaysWriter.replayDelivery(first.id, 'again', testStart);
    commonRolesOn(connection).replaysWriter.start(id, { kind: 'dead' }, testStart);
    commonRolesOn(connection).replaysWriter.start(id, { kind: 'dead', reason: 'timeout' }, testStart);
    const queries = connection.noted.map(({ sql }) => sql);
    takePlans();
    for (const part of ['WITH RECURSIVE wholes', 'WITH RECURSIVE parts', 'age > 20', 'delivery_tallies']) {
      expect(queries.some((sql) => sql.includes(part))).toBe(true);
    }
  });

  it('serves endpoints by their ids', () => {
    const dispatch = commonRolesOn(connection).dispatch;
    dispatch.renew([lease], testStart + 60_000);
    dispatch.acquire({ now: testStart, until: testStart + 1, limit: 10 });
    takePlans();
  });
});

describe('replays', () => {
  it('are listed and found by their endpoint, and what they would send by an index of its own', () => {
    const reader = commonRolesOn(connection).replays;
    reader.get('p1');
    reader.list(id);
    takePlans();
    reader.running(id);
    expect(takePlans()).toEqual(['SEARCH replays USING INDEX replays_running (endpoint=?)']);
    reader.deadDeliveries(id, 100, 1_000_000, 50);
    expect(takePlans().at(-1)).toContain('INDEX deliveries_replayable (endpoint=? AND id>? AND id<?)');
    reader.deadDeliveries(id, 100, 1_000_000, 50, 'timeout');
    expect(takePlans().at(-1)).toContain('INDEX deliveries_replayable (endpoint=? AND id>? AND id<?)');
    for (const reason of [undefined, 'timeout'] as const) {
      reader.countDead(id, { reason });
      expect(takePlans().at(-1)).toBe(
        'SEARCH deliveries USING COVERING INDEX deliveries_replayable (endpoint=? AND id>? AND id<?)',
      );
    }
  });
});

describe('a removed endpoint', () => {
  it('is swept by its own rows', () => {
    const table = commonRolesOn(connection).endpointsWriter;
    table.remove('e1');
    table.sweepRemoved(10);
    takePlans();
  });
});

describe('the journal', () => {
  it('gives single entries by their numbers, and finds an instant in a few steps', () => {
    const reader = new JournalTableReader(connection);
    expect(reader.bySeqs([7, 3, 99_999]).map(({ seq }) => seq)).toEqual([7, 3]);
    expect(reader.seqAt(testStart + 1_500)).toBe(1_500);
    expect(connection.noted.length).toBeLessThan(20);
    takePlans();
  });
});
