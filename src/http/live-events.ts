import { Readable } from 'node:stream';
import type { liveEvents } from '../contract/service.js';

/** A reader that leaves so much unread does not read. */
const maxUnreadBytes = 256 * 1024;

/** Of text/event-stream: one event, its data as JSON. */
export function toEvent(name: (typeof liveEvents)[number], data: unknown): string {
  // JSON holds no line ends: its data is one line.
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** A comment: it keeps connections alive that nothing else moves on. */
export const heartbeat = ': here\n\n';

/** One who listens. What is written is sent as fast as it is read; who does not read is left. */
export class LiveListener {
  readonly stream: Readable;

  constructor(onLeft: () => void) {
    this.stream = new Readable({ read: () => undefined });
    this.stream.once('close', onLeft);
    // A reader that leaves is no mistake.
    this.stream.on('error', () => undefined);
  }

  write(text: string): void {
    if (this.stream.destroyed || this.stream.readableEnded) return;
    this.stream.push(text);
    if (this.stream.readableLength > maxUnreadBytes)
      this.stream.destroy(new Error('the listener does not read'));
  }

  end(): void {
    if (!this.stream.destroyed) this.stream.push(null);
  }
}
