import { parentPort } from 'node:worker_threads';
import type { DeliveryAttempt } from '../domain/delivery.js';
import type { DownloadAttempt, DownloadReason } from '../domain/recording.js';
import type { AppendResult } from '../store/journal.js';

/** What worker threads tell the main one, for its metrics and its status. */
export type ThreadMessage =
  | ({ readonly kind: 'sorted' } & AppendResult)
  | {
      readonly kind: 'attempted';
      readonly attempt: DownloadAttempt;
      readonly isArchived: boolean;
      readonly lostFor?: DownloadReason;
    }
  | { readonly kind: 'pushed'; readonly attempts: readonly EndedDelivery[] }
  /** So many pushes of the local inbox are in the database now. */
  | { readonly kind: 'drained'; readonly pushes: number }
  /** How many endpoints this process serves now. */
  | { readonly kind: 'serving'; readonly endpoints: number };

/** An attempt at a delivery, as far as metrics look at it. */
export interface EndedDelivery extends Pick<DeliveryAttempt, 'outcome' | 'reason' | 'durationMs'> {
  readonly endpointId: string;
  readonly messages: number;
}

/** What the main thread tells a worker. */
export const stopMessage = 'stop';
/** An endpoint or a replay was made, changed or removed. */
export const endpointsChangedMessage = 'endpoints-changed';
/** The journal has more. */
export const entriesMessage = 'entries';
/** An export was asked for, or moved. */
export const jobsChangedMessage = 'jobs-changed';

const demoStorage = 'demo-storage:';

/** Demo data are served on this port of loopback now, and may be downloaded from there; undefined: no more. */
export function toDemoStorageMessage(port: number | undefined): string {
  return `${demoStorage}${port ?? ''}`;
}

/** Null: it is another message. */
export function fromDemoStorageMessage(message: unknown): number | undefined | null {
  if (typeof message !== 'string' || !message.startsWith(demoStorage)) return null;
  const port = message.slice(demoStorage.length);
  return port === '' ? undefined : Number(port);
}

export function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}
