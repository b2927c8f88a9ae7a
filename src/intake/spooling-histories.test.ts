import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openMemorySpool, type MemorySpool } from '../../test/support/memory-spool.js';
import type { ReceivedPush } from '../store/inbox.js';
import { StoreError } from '../store/store-error.js';
import { SpoolDrain } from './spool-drain.js';
import { SpoolingInbox } from './spooling-inbox.js';

/** What a place makes of one append: whether it keeps the pushes, and what it says, after how long. */
interface Temper {
  readonly keeps: boolean;
  readonly says: 'done' | 'failed' | 'nothing';
  readonly afterMs: number;
}

const sound: Temper = { keeps: true, says: 'done', afterMs: 1 };

const temper: fc.Arbitrary<Temper> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(sound) },
  fc.record({
    keeps: fc.constant(true),
    says: fc.constantFrom('done', 'failed', 'nothing'),
    afterMs: fc.integer({ min: 0, max: 3_000 }),
  }),
  fc.record({
    keeps: fc.constant(false),
    says: fc.constantFrom('failed', 'nothing'),
    afterMs: fc.integer({ min: 0, max: 3_000 }),
  }),
);

const happening = fc.oneof(
  { weight: 5, arbitrary: fc.record({ is: fc.constant('group'), pushes: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('time'), ms: fc.integer({ min: 1, max: 1_500 }) }) },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('drain') }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('crash') }) },
) as fc.Arbitrary<{ is: 'group'; pushes: number } | { is: 'time'; ms: number } | { is: 'drain' | 'crash' }>;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Does it or not, says so or not: `work` happens at once, the answer comes when the temper has it. */
function moody(draw: () => Temper, work: () => Promise<void>): Promise<void> {
  const { keeps, says, afterMs } = draw();
  if (keeps) void work();
  return new Promise((resolve, reject) => {
    if (says === 'nothing') return;
    setTimeout(() => {
      if (says === 'done') resolve();
      else reject(new StoreError('unreachable', 'nobody knows what became of it'));
    }, afterMs);
  });
}

/** The database: what it holds by key, as its unique index has it. */
function openTable(draw: () => Temper) {
  const rows = new Map<string, ReceivedPush>();
  return {
    rows,
    append: (pushes: readonly ReceivedPush[]) =>
      moody(draw, () => {
        for (const push of pushes) if (!rows.has(push.key ?? '')) rows.set(push.key ?? '', push);
        return Promise.resolve();
      }),
    probe: () => moody(draw, () => Promise.resolve()),
    discard: () => Promise.resolve(0),
    discardOf: () => Promise.resolve(undefined),
  };
}

function startProcess(
  table: ReturnType<typeof openTable>,
  disk: MemorySpool,
  draw: () => Temper,
  mode: 'both' | 'local',
  newKey: () => string,
) {
  const spool = {
    append: (pushes: readonly ReceivedPush[]) => moody(draw, () => disk.append(pushes)),
    probe: () => moody(draw, () => disk.probe()),
    remove: (first: number, last: number) => moody(draw, () => disk.remove(first, last)),
    usage: () => disk.usage(),
  };
  const inbox = new SpoolingInbox({
    mode,
    database: table,
    spool,
    newKey,
    clock: () => Date.now(),
    onTurn: () => undefined,
  });
  const drain = new SpoolDrain({
    reader: disk,
    spool,
    database: table,
    leavesRoom: mode === 'both',
    stopwatch: () => Date.now(),
    rest: () => Promise.resolve(),
    onDrained: () => undefined,
    onSetAside: () => undefined,
  });
  return { inbox, drain };
}

it('every acknowledged push is in the database exactly once, whatever database, disk and process do', async () => {
  const ofTempers = fc.infiniteStream(temper);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<'both' | 'local'>('both', 'local'),
      fc.array(happening, { minLength: 1, maxLength: 40 }),
      ofTempers,
      ofTempers,
      async (mode, happenings, tempers, diskTempers) => {
        let isSoundAgain = false;
        const drawFrom = (stream: fc.Stream<Temper>) => () =>
          isSoundAgain ? sound : (stream.next().value ?? sound);
        const table = openTable(drawFrom(tempers));
        const disk = openMemorySpool();
        let keys = 0;
        const start = () => startProcess(table, disk, drawFrom(diskTempers), mode, () => `key-${++keys}`);
        let process = start();
        const acknowledged: string[] = [];
        let sent = 0;
        for (const event of happenings) {
          if (event.is === 'group') {
            const bodies = Array.from({ length: event.pushes }, () => `push-${++sent}`);
            const taker = process;
            process.inbox.append(bodies.map(toPush)).then(
              // What a process that was killed would have said, nobody hears.
              () => taker === process && acknowledged.push(...bodies),
              () => undefined,
            );
          } else if (event.is === 'drain') process.drain.step().catch(() => undefined);
          else if (event.is === 'time') await vi.advanceTimersByTimeAsync(event.ms);
          else {
            process.inbox.close();
            process = start();
          }
        }
        await vi.advanceTimersByTimeAsync(5_000);
        isSoundAgain = true;
        process.inbox.close();
        process = start();
        while (disk.pushes.length > 0) {
          const step = process.drain.step();
          await vi.advanceTimersByTimeAsync(50);
          await step;
        }
        process.inbox.close();
        const arrived = [...table.rows.values()].map(({ body }) => Buffer.from(body).toString());
        expect(arrived).toEqual(expect.arrayContaining(acknowledged));
        expect(new Set(arrived).size).toBe(arrived.length);
      },
    ),
    { numRuns: 300 },
  );
});

const toPush = (body: string): ReceivedPush => ({
  receivedAt: Date.now(),
  source: 'default',
  remoteAddress: '::1',
  body: Buffer.from(body),
});
