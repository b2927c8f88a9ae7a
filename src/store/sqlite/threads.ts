import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { basename } from 'node:path';
import type { MessagePort, Worker } from 'node:worker_threads';

/**
 * V8 lets the young generation of every thread grow to 48 MB, and with seven threads that alone is more than
 * Earshot should need. What our threads hold for longer than a moment are batches, which are few and large:
 * a small young generation costs them nothing that could be measured.
 */
export const smallYoungGeneration = { maxYoungGenerationSizeMb: 8 };

/**
 * Of the thread that pushes on: it makes a body of every push and forgets it within a millisecond. In 8 MB a sixth of
 * its time went to collecting what would have been dead a moment later.
 */
export const roomyYoungGeneration = { maxYoungGenerationSizeMb: 32 };

/** Of nice's scale: about a tenth of the processor where intake wants it all, everything where it does not. */
const behindIntake = 10;
/** A quarter of what one of the others gets where both want it all. */
const behindOthers = 16;

/**
 * Lets the calling thread yield to intake and the inbox, which have a time to keep; what runs here only has
 * to catch up. Linux gives every thread a priority of its own; elsewhere nothing changes.
 */
export function yieldToIntake(): void {
  yieldBy(behindIntake);
}

/** Lets it yield to those as well: nobody waits for what it does, and there may be years of it. */
export function yieldToOthers(): void {
  yieldBy(behindOthers);
}

function yieldBy(nice: number): void {
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), nice);
  } catch {
    // No such file, or not permitted: the threads share the processor as equals.
  }
}

const stopMessage = 'stop';

/**
 * Ends a thread at its own event loop; resolves when it is gone. `terminate` would cut it off wherever it is,
 * and where that is inside SQLite's driver the whole process aborts.
 */
export async function stopThread(thread: Worker): Promise<void> {
  if (thread.threadId === -1) return;
  const gone = new Promise<void>((resolve) => {
    thread.once('exit', () => {
      resolve();
    });
  });
  thread.postMessage(stopMessage);
  await gone;
}

/** In the thread: serves every port that arrives, if it serves any, until it is asked to stop; then does `onStop` and ends. */
export function untilStopped(
  parent: MessagePort,
  onStop: () => void,
  onPort: (port: MessagePort) => void = () => undefined,
): void {
  parent.on('message', (message: typeof stopMessage | { port: MessagePort }) => {
    if (message !== stopMessage) {
      onPort(message.port);
      return;
    }
    onStop();
    process.exit();
  });
}
