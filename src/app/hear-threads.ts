import type { EntryBell } from '../http/entry-bell.js';
import type { Metrics } from '../http/metrics.js';
import type { FigureKeeper } from './figure-keeper.js';
import type { StorageSpace } from './storage-space.js';
import type { ThreadMessage } from './threads/thread-messages.js';

/** What the main thread makes of what the others tell: numbers, and rings for those who wait at the journal's end. */
export function createMessageHandler(
  metrics: Metrics,
  figures: Pick<FigureKeeper, 'sorted' | 'archived'>,
  bell: Pick<EntryBell, 'ring'>,
  onDrained: (pushes: number) => void,
  onServing: (endpoints: number) => void,
  space: Pick<StorageSpace, 'heard'>,
): (message: ThreadMessage) => void {
  return (message) => {
    switch (message.kind) {
      case 'sorted':
        metrics.sorted(message);
        figures.sorted(message.appended);
        if (message.appended > 0) bell.ring();
        return;
      case 'attempted':
        metrics.downloadEnded(message.attempt);
        space.heard(message.attempt);
        if (message.lostFor !== undefined) metrics.recordingLost(message.lostFor);
        // Its event, if it made one, is in the journal.
        bell.ring();
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
