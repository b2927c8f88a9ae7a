import { parentPort, type MessagePort } from 'node:worker_threads';
import type { DownloadAttempt } from '../../domain/recording.js';
import type { AppendResult } from '../../store/journal.js';

/** What worker threads tell the main one, for its metrics. */
export type ThreadMessage =
  | ({ readonly kind: 'sorted' } & AppendResult)
  | { readonly kind: 'attempted'; readonly attempt: DownloadAttempt; readonly isArchived: boolean };

/** What the main thread tells a worker. */
export const stopMessage = 'stop';

export function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

/** Aborts when the main thread asks this one to stop. */
export function stopSignal(port: MessagePort): AbortSignal {
  const controller = new AbortController();
  port.on('message', (message: unknown) => {
    if (message === stopMessage) controller.abort();
  });
  return controller.signal;
}
