import type { EntryNotifier } from '../live/entry-notifier.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { FigureBuffer } from '../telemetry/figure-buffer.js';
import type { StorageSpace } from '../telemetry/storage-space.js';
import type { ThreadMessage } from './threads/thread-messages.js';

/** What the main thread makes of what the others tell: numbers, and a notification for readers that wait at the journal's end. */
export function createMessageHandler(
  metrics: Metrics,
  figures: Pick<FigureBuffer, 'sorted' | 'archived'>,
  notifier: Pick<EntryNotifier, 'notify'>,
  onDrained: (pushes: number) => void,
  onServing: (endpoints: number) => void,
  space: Pick<StorageSpace, 'heard'>,
): (message: ThreadMessage) => void {
  return (message) => {
    switch (message.kind) {
      case 'sorted':
        metrics.sorted(message);
        figures.sorted(message.appended);
        if (message.appended > 0) notifier.notify();
        return;
      case 'attempted':
        metrics.downloadEnded(message.attempt);
        space.heard(message.attempt);
        if (message.lostFor !== undefined) metrics.recordingLost(message.lostFor);
        // Its event, if it made one, is in the journal.
        notifier.notify();
        if (message.isArchived) {
          const bytes = (message.attempt.resumedFrom ?? 0) + message.attempt.bytes;
          metrics.archived(bytes);
          figures.archived(bytes);
        }
        return;
      case 'pushed':
        for (const attempt of message.attempts) metrics.deliveryEnded(attempt);
        return;
      case 'drained':
        onDrained(message.pushes);
        return;
      case 'serving':
        onServing(message.endpoints);
    }
  };
}
