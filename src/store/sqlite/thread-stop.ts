import type { MessagePort, Worker } from 'node:worker_threads';

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
