import { SpoolDrain } from '../../intake/spool-drain.js';
import { Alarm } from '../alarm.js';
import { runConsumer } from '../consumer-loop.js';
import type { RunningThread, ThreadData } from './run-thread.js';
import { tell } from './thread-messages.js';

/** How soon a push that waits is noticed. */
const idleMs = 100;
const failureMs = 1_000;

/** Brings what waits in the local inbox to the database; every process does that for its own. */
export async function drainSpool(
  { store, log, signal }: RunningThread<ThreadData>,
  leavesRoom: boolean,
): Promise<void> {
  if (!store.spool) return;
  const drain = new SpoolDrain({
    ...store.spool,
    database: store.inbox,
    leavesRoom,
    stopwatch: () => performance.now(),
    rest: (ms) => new Alarm().sleep(ms, signal),
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
