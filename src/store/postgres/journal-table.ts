import type { AppendResult, JournalWriter, NewQuarantineItem, SortedBatch } from '../journal.js';
import { erasedEvent } from '../rows/recording-events.js';
import type { Database, Transaction } from './database.js';
import { appendEntries, appendEvents, monthsOf, toMessageEntry } from './journal-append.js';
import { toMonth, type Partitions } from './partitions.js';

const quarantineSql = `INSERT INTO quarantine (push_id, item_index, received_at, source, path_type, reason, bytes, body)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`;

/** Never back: a sorter that was paused and has lost its duty may come late with what another has sorted since. */
const moveCursorSql = `UPDATE cursors SET position = greatest(position, $1) WHERE name = 'sorter'`;

/** Writes of the sorter. */
export class JournalTable implements JournalWriter {
  constructor(
    private readonly database: Database,
    private readonly partitions: Partitions,
  ) {}

  async append({ messages, quarantined, sortedUpTo }: SortedBatch): Promise<AppendResult> {
    const entries = messages.map(toMessageEntry);
    await this.partitions.need('journal', monthsOf(entries.map(({ receivedAt }) => receivedAt)));
    return await this.database.transaction(
      async (transaction) => {
        const { appended } = await appendEntries(transaction, entries);
        if (sortedUpTo !== undefined) await transaction.run(moveCursorSql, [sortedUpTo]);
        const added = await quarantine(transaction, quarantined);
        return { appended, duplicates: entries.length - appended, quarantined: added };
      },
      { locksJournal: true },
    );
  }

  async noteErasure(source: string, now: number): Promise<void> {
    await this.partitions.need('journal', [toMonth(now)]);
    await this.database.transaction((transaction) => appendEvents(transaction, [erasedEvent(source, now)]), {
      locksJournal: true,
    });
  }
}

async function quarantine({ run }: Transaction, items: readonly NewQuarantineItem[]): Promise<number> {
  let quarantined = 0;
  for (const item of items) {
    const { pushId, itemIndex, receivedAt, source, pathType, reason, body } = item;
    const { changes } = await run(quarantineSql, [
      pushId,
      itemIndex,
      receivedAt,
      source,
      pathType ?? null,
      reason,
      body.byteLength,
      body,
    ]);
    quarantined += changes;
  }
  return quarantined;
}
