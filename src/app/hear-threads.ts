import type { EntryBell } from '../http/entry-bell.js';
import type { Metrics } from '../http/metrics.js';
import type { ThreadMessage } from './threads/thread-messages.js';

/** What the main thread makes of what the others tell: numbers, and rings for those who wait at the journal's end. */
export function createMessageHandler(
  metrics: Metrics,
  bell: Pick<EntryBell, 'ring'>,
  onDrained: (pushes: number) => void,
  onServing: (endpoints: number) => void,
): (message: ThreadMessage) => void {
  return (message) => {
    switch (message.kind) {
      case 'sorted':
        metrics.sorted(message);
        if (message.appended > 0) bell.ring();
        return;
      case 'attempted':
        metrics.downloadEnded(message.attempt);
        // Its event, if it made one, is in the journal.
        bell.ring();
        if (message.isArchived) metrics.archived((message.attempt.resumedFrom ?? 0) + message.attempt.bytes);
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
