import { parentPort, type MessagePort } from 'node:worker_threads';
import type { DeliveryAttempt } from '../../domain/delivery.js';
import type { DownloadAttempt } from '../../domain/recording.js';
import type { AppendResult } from '../../store/journal.js';

/** What worker threads tell the main one, for its metrics. */
export type ThreadMessage =
  | ({ readonly kind: 'sorted' } & AppendResult)
  | { readonly kind: 'attempted'; readonly attempt: DownloadAttempt; readonly isArchived: boolean }
  | { readonly kind: 'pushed'; readonly attempts: readonly EndedDelivery[] };

/** An attempt at a delivery, as far as metrics look at it. */
export interface EndedDelivery extends Pick<DeliveryAttempt, 'outcome' | 'reason' | 'durationMs'> {
  readonly endpointId: string;
  readonly messages: number;
}

/** What the main thread tells a worker. */
export const stopMessage = 'stop';
/** To the deliver thread: an endpoint or a replay was made, changed or removed. */
export const endpointsChangedMessage = 'endpoints-changed';

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
