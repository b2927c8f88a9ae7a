import { parentPort, workerData } from 'node:worker_threads';
import { runConsumer } from '../consumer-loop.js';
import { Projector } from '../../project/projector.js';
import { createVendorTime } from '../../protocol/vendor-time.js';
import { Sorter } from '../../sort/sorter.js';
import { openThreadRoles, type StorePorts } from '../../store/sqlite/thread-roles.js';
import { yieldToIntake } from '../../store/sqlite/thread-priority.js';
import { createLogger } from '../logger.js';
import type { LogLevel } from '../settings.js';
import { stopSignal, tell } from './thread-messages.js';

/**
 * Thread of the consumers between inbox and calls: sorter, projector, and the cleaner that deletes pushes
 * sorted long ago. Each falls behind and catches up by itself; none is in the way of an acknowledgement.
 */
export interface PipelineThreadData {
  readonly ports: StorePorts;
  readonly timeZone: string;
  readonly keepPushesMs: number;
  readonly logLevel: LogLevel;
}

/** Sorted within a second is the promise; gathering for a tenth of one makes few and large transactions of a steady stream. */
const idleMs = 100;
const failureMs = 1_000;
const cleanEveryMs = 1_000;
/** Pushes deleted in one step: a few milliseconds of the inbox's writer. */
const discardedAtOnce = 200;

if (!parentPort) throw new Error('pipeline-thread runs as a worker thread only');
const { ports, timeZone, keepPushesMs, logLevel } = workerData as PipelineThreadData;
yieldToIntake();
const log = createLogger(logLevel, 'pipeline');
const roles = openThreadRoles(ports);
const signal = stopSignal(parentPort);

const sorter = new Sorter({
  inbox: roles.inboxReader,
  journal: roles.journal,
  journalWriter: roles.journalWriter,
  onSorted: (result) => {
    tell({ kind: 'sorted', ...result });
  },
});
const projector = new Projector({
  journal: roles.journal,
  projection: roles.projection,
  toInstant: createVendorTime(timeZone),
});

/**
 * While the inbox is far behind, the sorter goes first: what is in the journal is safe from everything but the
 * disk, and readers of the feed wait for it. The projector still gets a turn now and then, so that calls never
 * stand still.
 */
const projectAtLeastEveryMs = 2_000;
let isInboxFarBehind = false;
let projectedAt = 0;

async function sort(): Promise<boolean> {
  isInboxFarBehind = await sorter.step();
  return isInboxFarBehind;
}

async function project(): Promise<boolean> {
  const now = performance.now();
  if (isInboxFarBehind && now - projectedAt < projectAtLeastEveryMs) return false;
  projectedAt = now;
  return projector.step();
}

async function clean(): Promise<boolean> {
  const { sorter: sortedUpTo } = await roles.journal.cursors();
  const receivedBefore = Date.now() - keepPushesMs;
  return (
    (await roles.inbox.discard({ sortedUpTo, receivedBefore, limit: discardedAtOnce })) === discardedAtOnce
  );
}

const failed = (consumer: string) => (error: unknown) => {
  log.error({ err: error, consumer }, `The ${consumer} could not go on; it tries again in ${failureMs} ms.`);
};

await Promise.all([
  runConsumer({ step: sort, idleMs, failureMs, onFailure: failed('sorter') }, signal),
  runConsumer({ step: project, idleMs, failureMs, onFailure: failed('projector') }, signal),
  runConsumer({ step: clean, idleMs: cleanEveryMs, failureMs, onFailure: failed('cleaner') }, signal),
]);
roles.close();
parentPort.close();
