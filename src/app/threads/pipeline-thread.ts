import { SpoolDrain } from '../../intake/spool-drain.js';
import { Projector } from '../../project/projector.js';
import { createVendorTime } from '../../protocol/vendor-time.js';
import { runConsumer, WakeSignal } from '../../runtime/consumer-loop.js';
import { createDutyLeases, type Step, underDuty } from '../../runtime/duty-leases.js';
import { entriesMessage, tell } from '../../runtime/thread-messages.js';
import { Sorter } from '../../sort/sorter.js';
import { tidyQuarantine } from '../../sort/tidy-quarantine.js';
import type { DutyName } from '../../store/shared-roles.js';
import { type RunningThread, runThread, type ThreadData } from './run-thread.js';

/**
 * Thread of the consumers between inbox and calls: sorter, projector, and the cleaner that deletes pushes
 * sorted long ago. Each falls behind and catches up by itself; none is in the way of an acknowledgement. Where other
 * processes work on the store, too, each of the three is a duty that one of them has.
 */
export interface PipelineThreadData extends ThreadData {
  readonly timeZone: string;
  readonly keepPushesMs: number;
  readonly keepQuarantineMs: number;
  /** Of one source. */
  readonly quarantineMaxBytes: number;
  /** Absent: for ever. */
  readonly keepMonths: number | undefined;
  /** Fresh pushes go to the database by themselves: the spool leaves them room there. */
  readonly drainLeavesRoom: boolean;
}

/** Sorted within a second is the promise; gathering for a tenth of one makes few and large transactions of a steady stream. */
const idleMs = 100;
const failureMs = 1_000;
const cleanEveryMs = 1_000;
const dropMonthsEveryMs = 3_600_000;
/** Often enough that a flood of garbage goes past its quota by minutes, seldom enough that counting all of it is nothing. */
const tidyEveryMs = 300_000;
/** Pushes deleted in one step: a few milliseconds of the inbox's writer. */
const discardedAtOnce = 200;

/**
 * While the inbox is far behind, the sorter goes first: what is in the journal is safe from everything but the
 * disk, and readers of the feed wait for it. The projector still gets a turn now and then, so that calls never
 * stand still.
 */
const projectAtLeastEveryMs = 2_000;

await runThread<PipelineThreadData>('pipeline', async (thread) => {
  const { log, signal } = thread;
  const leases = createDutyLeases(thread, ['sort', 'project', 'clean']);
  const entries = new WakeSignal();
  thread.listen((message) => {
    if (message === entriesMessage) entries.wake();
  });
  const { sort, project } = createTurns(thread);
  const failed = (consumer: string) => (error: unknown) => {
    log.error(
      { err: error, consumer },
      `The ${consumer} could not go on; it tries again in ${failureMs} ms.`,
    );
  };
  const consumer = (name: DutyName, who: string, begin: () => Step) => ({
    step: underDuty(leases, name, begin),
    ...{ idleMs, failureMs, onFailure: failed(who) },
  });
  await Promise.all([
    leases?.run(signal),
    runConsumer(consumer('sort', 'sorter', sort), signal),
    runConsumer({ ...consumer('project', 'projector', project), wake: entries }, signal),
    runConsumer(
      { ...consumer('clean', 'cleaner', () => createCleaner(thread)), idleMs: cleanEveryMs },
      signal,
    ),
    drainSpool(thread, thread.data.drainLeavesRoom),
  ]);
  await leases?.release();
});

/** What sorts and what projects, each made anew for a term of its duty. */
function createTurns({ store, data }: RunningThread<PipelineThreadData>): {
  sort: () => Step;
  project: () => Step;
} {
  let isInboxFarBehind = false;
  let projectedAt = 0;
  const sort = (): Step => {
    const sorter = new Sorter({
      inbox: store.inboxReader,
      journal: store.journal,
      journalWriter: store.journalWriter,
      elapsedMs: () => performance.now(),
      onSorted: (result) => {
        tell({ kind: 'sorted', ...result });
      },
    });
    return async () => {
      const hasMore = await sorter.step();
      isInboxFarBehind = sorter.isFarBehind;
      return hasMore;
    };
  };
  const project = (): Step => {
    const toInstant = createVendorTime(data.timeZone);
    const projector = new Projector({ journal: store.journal, projection: store.projection, toInstant });
    return async () => {
      const now = performance.now();
      if (isInboxFarBehind && now - projectedAt < projectAtLeastEveryMs) return false;
      projectedAt = now;
      return projector.step();
    };
  };
  return { sort, project };
}

function createCleaner({ store, data, log }: RunningThread<PipelineThreadData>): Step {
  let droppedAt = -Infinity;
  let tidiedAt = -Infinity;
  const tidy = async (pushesKeptSince: number): Promise<void> => {
    if (performance.now() - tidiedAt < tidyEveryMs) return;
    const { beyondQuota } = await tidyQuarantine(store, {
      receivedBefore: Date.now() - data.keepQuarantineMs,
      maxBytesPerSource: data.quarantineMaxBytes,
      pushesKeptSince,
    });
    for (const { source, count } of beyondQuota) {
      log.warn(
        { source, count },
        'Quarantine held more of a source than it may: its oldest items were deleted.',
      );
    }
    tidiedAt = performance.now();
  };
  const dropMonths = async (keepMonths: number): Promise<void> => {
    if (performance.now() - droppedAt < dropMonthsEveryMs) return;
    await store.shared?.retention.dropMonthsBefore(monthsAgo(keepMonths));
    droppedAt = performance.now();
  };
  return async () => {
    const { sorter: sortedUpTo } = await store.journal.cursors();
    const receivedBefore = Date.now() - data.keepPushesMs;
    const request = { sortedUpTo, receivedBefore, limit: discardedAtOnce };
    const hasMore = (await store.inbox.discard(request)) === discardedAtOnce;
    if (hasMore) return true;
    await tidy(receivedBefore);
    if (data.keepMonths !== undefined) await dropMonths(data.keepMonths);
    return false;
  };
}

function monthsAgo(months: number): number {
  const now = new Date(Date.now());
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1);
}

/** Brings what waits in the local inbox to the database; every process does that for its own. */
async function drainSpool(
  { store, log, signal }: RunningThread<ThreadData>,
  leavesRoom: boolean,
): Promise<void> {
  if (!store.spool) return;
  const drain = new SpoolDrain({
    ...store.spool,
    database: store.inbox,
    leavesRoom,
    stopwatch: () => performance.now(),
    rest: (ms) => new WakeSignal().sleep(ms, signal),
    onDrained: (pushes) => {
      tell({ kind: 'drained', pushes });
    },
    onSetAside: (push, error) => {
      log.error(
        { err: error, push },
        'The database refuses a push; it stays in the local inbox and is tried again.',
      );
    },
  });
  let reported: string | undefined;
  const step = async (): Promise<boolean> => {
    const hasMore = await drain.step();
    reported = undefined;
    return hasMore;
  };
  const onFailure = (error: unknown): void => {
    const { message } = error as Error;
    if (message !== reported)
      log.warn({ err: error }, 'The local inbox cannot be drained now; it is tried again.');
    reported = message;
  };
  await runConsumer({ step, idleMs, failureMs, onFailure }, signal);
}
