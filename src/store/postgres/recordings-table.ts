import type { DescribedAsset, RecordingsWriter, RemovalAnswer, RetryAnswer } from '../recordings.js';
import { answerRetry } from '../rows/link-rules.js';
import { describedEvent } from '../rows/recording-events.js';
import { phase, toStateNumber } from '../rows/recording-row.js';
import type { Database, Transaction } from './database.js';
import { appendEvents } from './journal-append.js';
import { toMonth, type Partitions } from './partitions.js';
import type { RecordingRow } from './projected-rows.js';
import { remove, reopen } from './recording-changes.js';
import { lockRecording, writeRecordings } from './recording-locks.js';

const pending = toStateNumber('pending');
const archived = toStateNumber('archived');
const deleted = toStateNumber('deleted');

/** What people ask of recordings. */
export class RecordingsTable implements RecordingsWriter {
  constructor(
    private readonly database: Database,
    private readonly partitions: Partitions,
  ) {}

  async retryNow(id: string, now: number, replacing?: string): Promise<RetryAnswer> {
    return await this.database.transaction(
      async (transaction): Promise<RetryAnswer> => {
        const before = await lockRecording(transaction, id);
        if (!before) return 'unknown';
        const answer = answerRetry(before, now, replacing);
        if (answer === 'accepted')
          await writeRecordings(transaction, [{ before, after: reopen(before, now, true) }]);
        return answer;
      },
      { looksUp: true },
    );
  }

  async describe(id: string, { asset, flags }: DescribedAsset, now: number): Promise<boolean> {
    await this.partitions.need('journal', [toMonth(now)]);
    return await this.database.transaction(
      async (transaction) => {
        const row = await lockRecording(transaction, id);
        if (row?.state !== archived || row.sha256 !== asset.sha256) return false;
        const announced = { id: row.id, callId: row.call_id, generation: row.generation };
        await appendEvents(transaction, [describedEvent(announced, { asset, flags, now })]);
        return true;
      },
      { locksJournal: true, looksUp: true },
    );
  }

  async remove(id: string, now: number): Promise<RemovalAnswer> {
    await this.partitions.need('journal', [toMonth(now)]);
    return await this.database.transaction((transaction) => removeIn(transaction, id, now), {
      locksJournal: true,
      looksUp: true,
    });
  }
}

async function removeIn(transaction: Transaction, id: string, now: number): Promise<RemovalAnswer> {
  const before = await lockRecording(transaction, id);
  if (!before) return { kind: 'unknown' };
  if (isHeld(before, now)) return { kind: 'running' };
  // Published a moment ago: the event that archives it is still to be folded.
  if (before.state === pending && before.phase === null) return { kind: 'running' };
  if (before.state === deleted) return { kind: 'removed' };
  const { row: after, event } = remove(before, now);
  await appendEvents(transaction, [event]);
  await writeRecordings(transaction, [{ before, after }]);
  await transaction.run('DELETE FROM waveforms WHERE recording = $1', [before.id]);
  return before.file_name === null ? { kind: 'removed' } : { kind: 'removed', fileName: before.file_name };
}

function isHeld({ phase: current, leased_until: until }: RecordingRow, now: number): boolean {
  return current === phase.leased && until !== null && until > now;
}
