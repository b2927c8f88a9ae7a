import { setTimeout as wait } from 'node:timers/promises';
import { readFeedPage, type FeedEntry } from '../support/api-reader.js';

/**
 * Somebody who reads the feed and keeps a cursor, as another program would, across every crash. What it has
 * read once must stay where it was, with the same seq, and nothing may appear behind its back.
 */
export class FeedConsumer {
  readonly seen: FeedEntry[] = [];
  #cursor = 0;

  /** Reads on until it is over, whatever becomes of what it reads from. */
  async follow(url: string, isOver: () => boolean): Promise<void> {
    while (!isOver()) await this.readPage(url).catch(() => wait(20));
  }

  async catchUp(url: string): Promise<void> {
    while ((await this.readPage(url)) > 0);
  }

  /** What a complete feed holds differently from what was read bit by bit. */
  compare(feed: readonly FeedEntry[]): string[] {
    const differs = this.seen.flatMap((entry, index) => {
      const now = feed[index];
      return now?.seq === entry.seq && now.text === entry.text
        ? []
        : [`read as ${entry.seq}, now ${now?.seq}`];
    });
    return feed.length === this.seen.length
      ? differs
      : [...differs, `${feed.length - this.seen.length} entries were missed`];
  }

  private async readPage(url: string): Promise<number> {
    const { entries, nextAfter } = await readFeedPage(url, this.#cursor);
    this.seen.push(...entries);
    this.#cursor = nextAfter;
    return entries.length;
  }
}
