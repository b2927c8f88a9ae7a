import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commonRolesOn } from './common-roles.js';
import { recordingStates } from '../../domain/recording.js';
import { Projector } from '../../project/projector.js';
import { messageTypes } from '../../protocol/message.js';
import { createVendorTime } from '../../protocol/vendor-time.js';
import { makeMessage } from '../../../test/support/make-message.js';
import { NotingConnection } from '../../../test/support/noting-connection.js';
import { openTemporaryStore, testStart, type TemporaryStore } from '../../../test/support/temporary-store.js';
import { CallsTableReader } from './calls-reader.js';
import { JournalTableReader } from './journal-reader.js';
import { ProjectionTable } from './projection-table.js';
import { RecordingsTableReader } from './recordings-reader.js';

const calls = 20_000;

let store: TemporaryStore;
let connection: NotingConnection;

beforeAll(async () => {
  store = openTemporaryStore();
  const messages = Array.from({ length: calls }, (_, index) =>
    makeMessage(
      {
        callId: `${index % 7}^${index}`,
        recordFile: `http://${index % 5}.example/${index}?Expires=${1_750_000_000 + (index % 1_000)}`,
        startTime: '2025-05-22 12:29:20',
        duration: index % 300,
        taskId: `${index % 20}`,
        detailId: `d${index}`,
        batchId: `b${index % 4}`,
        outId: `o${index % 1_000}`,
      },
      testStart + index,
    ),
  );
  await store.journalWriter.append({
    messages,
    quarantined: messages.slice(0, 100).map(({ text }, index) => ({
      pushId: index,
      itemIndex: -1,
      receivedAt: testStart,
      source: 'default',
      reason: 'not-json',
      body: Buffer.from(text),
    })),
  });
  const toInstant = createVendorTime('Asia/Shanghai');
  const projector = new Projector({ journal: store.journal, projection: store.projection, toInstant });
  while (await projector.step());
  for (let index = 0; index < 500; index++)
    await store.tags.add(
      `${(index * 7) % 7}^${index * 7}`,
      index % 9 === 0 ? 'rare' : 'wide',
      'a',
      testStart,
    );
  connection = new NotingConnection(store.files.store, { busyTimeoutMs: 1_000, cacheKiB: 16 * 1024 });
});

afterAll(() => {
  connection.close();
  store.close();
});

/** A table read from end to end. In the order of an index, up to a limit, it is a page. */
const fullScan =
  /SCAN (?:calls|recordings|journal|quarantine|attempts|call_tags|tagged)(?! USING (?:COVERING )?INDEX)/;
const sorting = /USE TEMP B-TREE FOR (?:LAST \d+ TERMS? OF )?ORDER BY/;

function expectPagePlans(): void {
  const plans = connection.takePlans();
  expect(plans.length).toBeGreaterThan(0);
  for (const plan of plans) {
    expect(plan).not.toMatch(fullScan);
    expect(plan).not.toMatch(sorting);
  }
}

describe('a page of calls', () => {
  const filters = {
    callId: '1^8',
    taskId: '5',
    detailId: 'd5',
    batchId: 'b1',
    outId: 'o77',
    from: testStart - 3_600_000,
    to: testStart,
    minDuration: 10,
    maxDuration: 100,
    tag: 'wide',
  };
  const names = Object.keys(filters) as (keyof typeof filters)[];
  const pairs = names.flatMap((one, index) => names.slice(index).map((other) => [one, other] as const));
  const ways = [...pairs.map(([one, other]) => ({ [one]: filters[one], [other]: filters[other] })), {}];

  it('is read in the order of an index, whatever is asked for', () => {
    const reader = new CallsTableReader(connection);
    for (const way of ways) {
      for (const state of [undefined, ...recordingStates]) {
        const query = { limit: 50, ...way, ...(state ? { state } : {}) };
        const { next } = reader.search(query);
        reader.search({ ...query, after: next ?? { sortAt: testStart, id: 5 } });
      }
    }
    expectPagePlans();
  });

  it('is counted in the order of the same index', () => {
    const reader = new CallsTableReader(connection);
    for (const way of ways) {
      for (const state of [undefined, ...recordingStates]) {
        reader.count({ limit: 50, ...way, ...(state ? { state } : {}) });
      }
    }
    expectPagePlans();
    reader.count({ limit: 50, taskId: '5' });
    expect(connection.takePlans()[0]).toContain('INDEX calls_task');
  });

  it('uses the index of what was asked for', () => {
    const reader = new CallsTableReader(connection);
    for (const [name, index] of [
      ['taskId', 'calls_task'],
      ['detailId', 'calls_detail'],
      ['batchId', 'calls_batch'],
      ['outId', 'calls_out'],
      ['tag', 'call_tags_tag'],
    ] as const) {
      reader.search({ limit: 50, [name]: filters[name], from: filters.from, to: filters.to });
      expect(connection.takePlans()[0]).toContain(`INDEX ${index}`);
    }
    for (const state of recordingStates) {
      reader.search({ limit: 50, state });
      expect(connection.takePlans()[0]).toContain(`INDEX calls_${state}`);
    }
    reader.search({ limit: 50, from: filters.from });
    expect(connection.takePlans()[0]).toContain('INDEX calls_sorted (sort_at>?)');
  });

  it('is looked for by its length in the order of all pages, most of which the state may be', () => {
    const reader = new CallsTableReader(connection);
    for (const state of [undefined, 'archived', 'pending'] as const) {
      reader.search({ limit: 50, minDuration: 3_000, ...(state ? { state } : {}) });
      expect(connection.takePlans()[0]).toContain('INDEX calls_sorted');
    }
    reader.search({ limit: 50, minDuration: 3_000, state: 'lost' });
    expect(connection.takePlans()[0]).toContain('INDEX calls_lost');
  });

  it('is found for q in an index of every kind of id; what is sorted is a page of each', () => {
    const reader = new CallsTableReader(connection);
    for (const q of ['5', '1^8', 'd77', 'nothing']) {
      const { next } = reader.search({ limit: 50, q });
      if (next) reader.search({ limit: 50, q, after: next });
    }
    const plans = connection
      .takePlans()
      .filter((plan) => plan.includes('UNION') || plan.includes('calls_task'));
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      expect(plan).not.toMatch(fullScan);
      for (const index of ['calls_tail', 'calls_task', 'calls_detail', 'calls_batch', 'calls_out']) {
        expect(plan).toContain(index);
      }
      expect(plan).toContain('journal_identity');
    }
  });

  it('finds one call by its callId without a look at others', () => {
    expect(new CallsTableReader(connection).get('1^8')).toBeDefined();
    expectPagePlans();
  });
});

describe('a page of recordings', () => {
  it('is read in the order of the index by deadline, one state or all', () => {
    const reader = new RecordingsTableReader(connection);
    for (const state of [undefined, ...recordingStates]) {
      const query = { limit: 50, ...(state ? { state } : {}) };
      const { next } = reader.list(query);
      reader.list({ ...query, after: next ?? { deadlineAt: testStart, id: 'r5' } });
    }
    for (const { sql } of connection.noted) expect(sql).toContain('LIMIT');
    expectPagePlans();
  });

  it('of one call is sorted among the recordings of that call only', () => {
    new RecordingsTableReader(connection).list({ limit: 50, callId: '1^8' });
    const [plan] = connection.takePlans();
    expect(plan).not.toMatch(fullScan);
    expect(plan).toContain('SEARCH recordings USING INDEX recordings_call');
  });

  it('counts, looks up and tells the next deadline without reading the table', () => {
    const reader = new RecordingsTableReader(connection);
    reader.counts();
    reader.nextDeadlineAt();
    reader.openByHoursLeft(testStart);
    reader.get('r5');
    expectPagePlans();
  });

  it('sorts the attempts at one recording among themselves only', () => {
    new RecordingsTableReader(connection).attempts('r5');
    expect(connection.takePlans()[0]).toContain(
      'SEARCH attempts USING INDEX attempts_recording (recording_id=?)',
    );
  });
});

describe('a claim', () => {
  it('looks at what is due, waiting or leased, in the order of its indexes', async () => {
    const { downloads, recordingsWriter } = commonRolesOn(connection);
    const claimed = downloads.claim({ now: testStart, leaseMs: 1_000, limit: 8, perHost: 4, running: {} });
    expect(claimed).toHaveLength(8);
    for (const { id, generation } of claimed) {
      const verdict = { kind: 'retry', nextAttemptAt: testStart + 60_000 } as const;
      downloads.settle({ id, generation, verdict, now: testStart });
    }
    downloads.claim({ now: testStart + 120_000, leaseMs: 1_000, limit: 8, perHost: 4, running: {} });
    downloads.renew([{ id: 'r1', generation: 1 }], testStart);
    downloads.unblock(testStart, 10);
    recordingsWriter.retryNow('r5', testStart);
    const queries = connection.noted.map(({ sql }) => sql);
    expectPagePlans();
    expect(queries.some((sql) => sql.includes('ORDER BY deadline_at'))).toBe(true);
  });
});

describe('a page of the journal', () => {
  it('is a range of its numbers', () => {
    const reader = new JournalTableReader(connection);
    reader.read(100, 50);
    reader.read(100, 50, ['recording.lost']);
    reader.read(100, 50, messageTypes);
    const plans = connection.noted.length;
    expect(plans).toBe(3);
    for (const plan of connection.takePlans()) {
      // The rows of one piece become one text: what is scanned is the piece.
      expect(plan).toBe(
        'CO-ROUTINE (subquery-1)\nSEARCH journal USING INTEGER PRIMARY KEY (rowid>?)\nSCAN (subquery-1)',
      );
    }
    reader.lastSeq();
    reader.cursors();
    expectPagePlans();
  });

  it('of one call is found by its callId', () => {
    new JournalTableReader(connection).ofCall('1^8', true);
    expect(connection.takePlans()[0]).toContain('SEARCH journal USING INDEX journal_identity (call_id=?)');
  });
});

describe('a page of quarantine', () => {
  it('is a range of what is open', () => {
    const reader = commonRolesOn(connection).quarantine;
    reader.list({ limit: 10 });
    reader.list({ limit: 10, after: 'q50' });
    reader.get('q5');
    reader.count();
    expectPagePlans();
  });
});

describe('a batch of the projector', () => {
  it('asks by callId whether a message is the first of its call', () => {
    new ProjectionTable(connection).apply(
      [{ kind: 'message', seq: calls + 1, callId: '1^8', rank: 3, receivedAt: testStart, flags: [] }],
      calls + 1,
    );
    const queries = connection.noted.map(({ sql }) => sql);
    const plans = connection.takePlans();
    const insert = plans[queries.findIndex((sql) => sql.includes('INSERT INTO calls'))];
    expect(insert).toContain('SEARCH journal USING COVERING INDEX journal_identity (call_id=? AND type<?)');
    for (const plan of plans) expect(plan).not.toMatch(fullScan);
  });
});
