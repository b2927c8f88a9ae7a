import type { AppendResult, JournalWriter, NewMessage, NewQuarantineItem, SortedBatch } from '../journal.js';
import type { QuarantineFilter, QuarantineWriter } from '../quarantine.js';
import {
  forgetSql as forgetGoneSql,
  discardChosenSql,
  quarantineChosen,
  toDiscarded,
} from '../rows/quarantine-filter.js';
import { toQuarantineNumber } from '../rows/quarantine-row.js';
import { erasedEvent } from '../rows/recording-events.js';
import type { Database, Transaction } from './database.js';
import { appendEntries, appendEvents, monthsOf, toMessageEntry } from './journal-append.js';
import { toMonth, type Partitions } from './partitions.js';

const quarantineSql = `INSERT INTO quarantine (push_id, item_index, received_at, source, path_type, reason, bytes, body)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`;

/** Never back: a sorter that was paused and has lost its duty may come late with what another has sorted since. */
const moveCursorSql = `UPDATE cursors SET position = greatest(position, $1) WHERE name = 'sorter'`;

const forgetSql = 'UPDATE quarantine SET body = NULL WHERE id = $1 AND body IS NOT NULL';

/** Writes of the sorter, and those of quarantine. */
export class JournalTable implements JournalWriter, QuarantineWriter {
  constructor(
    private readonly database: Database,
    private readonly partitions: Partitions,
  ) {}

  async append({ messages, quarantined, sortedUpTo }: SortedBatch): Promise<AppendResult> {
    return await this.#append(messages, async (transaction) => {
      if (sortedUpTo !== undefined) await transaction.run(moveCursorSql, [sortedUpTo]);
      return await quarantine(transaction, quarantined);
    });
  }

  async noteErasure(source: string, now: number): Promise<void> {
    await this.partitions.need('journal', [toMonth(now)]);
    await this.database.transaction((transaction) => appendEvents(transaction, [erasedEvent(source, now)]), {
      locksJournal: true,
    });
  }

  async resolve(id: string, messages: readonly NewMessage[]): Promise<AppendResult | undefined> {
    try {
      return await this.#append(messages, async ({ run }) => {
        const { changes } = await run(forgetSql, [toQuarantineNumber(id)]);
        if (changes === 0) throw new NoSuchItem();
        return 0;
      });
    } catch (error) {
      if (error instanceof NoSuchItem) return undefined;
      throw error;
    }
  }

  async discard(id: string): Promise<boolean> {
    return (await this.database.run(forgetSql, [toQuarantineNumber(id)])).changes === 1;
  }

  async discardChosen(filter: QuarantineFilter, limit: number): Promise<{ count: number; bytes: number }> {
    const { sql, values } = quarantineChosen(filter, (place) => `$${place}`);
    const statement = discardChosenSql(sql, `$${values.length + 1}`);
    return toDiscarded((await this.database.run(statement, [...values, limit])).rows);
  }

  async forget(receivedBefore: number, limit: number): Promise<number> {
    return (await this.database.run(forgetGoneSql('$1', '$2'), [receivedBefore, limit])).changes;
  }

  /** Atomic: the messages, and `work`, which returns how many items went to quarantine. */
  async #append(
    messages: readonly NewMessage[],
    work: (transaction: Transaction) => Promise<number>,
  ): Promise<AppendResult> {
    const entries = messages.map(toMessageEntry);
    await this.partitions.need('journal', monthsOf(entries.map(({ receivedAt }) => receivedAt)));
    return await this.database.transaction(
      async (transaction) => {
        const { appended } = await appendEntries(transaction, entries);
        const quarantined = await work(transaction);
        return { appended, duplicates: entries.length - appended, quarantined };
      },
      { locksJournal: true },
    );
  }
}

/** Undoes what was appended for an item that is not there. */
class NoSuchItem extends Error {}

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
