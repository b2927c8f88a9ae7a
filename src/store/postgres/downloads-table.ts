import type { DownloadAttempt } from '../../domain/recording.js';
import { longestDelayMs } from '../../domain/retry-schedule.js';
import type { ClaimedDownload, ClaimRequest, Downloads, Settlement } from '../recordings.js';
import {
  attemptColumns,
  fromRecordingId,
  phase,
  toAttemptValues,
  toRecordingId,
  toStateNumber,
} from '../rows/recording-row.js';
import type { Row } from '../rows/row.js';
import type { Database, Transaction } from './database.js';
import { leaseSql, pickOfSql, pickSql, promoteSql, toFree } from './download-claims.js';
import { appendEvents } from './journal-append.js';
import { toMonth, type Partitions } from './partitions.js';
import { recordingColumnNames, type RecordingRow } from './projected-rows.js';
import { reopen, settle } from './recording-changes.js';
import { lockRecording, lockRecordingAlone, writeRecordings } from './recording-locks.js';
import { toNumbers } from './row-arrays.js';

const blocked = toStateNumber('blocked');

/**
 * Recordings as work. A pending one is in one of three phases:
 *
 *   waiting ──(next_attempt_at comes)──▶ due ──(claim)──▶ leased ──(settle)──▶ archived, lost, blocked
 *      ▲                                  ▲                 │  │
 *      └─────(settle: retry, put off)─────┼─────────────────┘  │
 *                                         └──(lease runs out, or released)
 *
 * A claim raises the generation; a settlement must name it. Whoever was paused past its lease therefore
 * settles nothing: its generation is no longer the row's, or the phase is no longer `leased`.
 * Any number of processes claim at once: each passes over what another is just claiming, so none waits and none gets
 * the same. Claims and renewals do not wait for the disk: a loss of power ends the holder with its lease.
 * A fresh link that arrives while a download runs does not disturb it; but then "lost" and "retry" speak
 * of a link that is no longer there (`leased_link_seq` < `link_seq`), and the recording is due at once.
 */
export class DownloadsTable implements Downloads {
  constructor(
    private readonly database: Database,
    private readonly partitions: Partitions,
  ) {}

  async claim(request: ClaimRequest): Promise<ClaimedDownload[]> {
    const { now, leaseMs, limit, perHost } = request;
    const { hosts, free } = toFree(request);
    const until = now + leaseMs;
    return await this.database.transaction(
      async ({ run }) => {
        await run(promoteSql, [now, now + longestDelayMs]);
        const picked = request.only
          ? await run(pickOfSql, [toNumbers(request.only.map(fromRecordingId)), limit])
          : await run(pickSql, [perHost, limit, hosts, toNumbers(free)]);
        if (picked.rows.length === 0) return [];
        const { rows } = await run(leaseSql, [
          toNumbers(picked.rows.map(({ id }) => id as number)),
          until,
          now,
        ]);
        return rows.map((row) => toClaimed(row, until)).sort(byDeadline);
      },
      { isBrief: true, looksUp: true },
    );
  }

  async renew(leases: readonly { id: string; generation: number }[], until: number): Promise<string[]> {
    if (leases.length === 0) return [];
    const { rows } = await this.database.transaction(
      ({ run }) =>
        run(renewSql, [
          toNumbers(leases.map(({ id }) => fromRecordingId(id))),
          toNumbers(leases.map(({ generation }) => generation)),
          until,
        ]),
      { isBrief: true, looksUp: true },
    );
    const renewed = new Set(rows.map(({ id }) => toRecordingId(id as number)));
    return leases.map(({ id }) => id).filter((id) => renewed.has(id));
  }

  async settle(settlement: Settlement): Promise<boolean> {
    const { verdict, attempt, now } = settlement;
    const mayTell = verdict.kind === 'archived' || verdict.kind === 'lost';
    if (attempt) await this.partitions.need('attempts', [toMonth(attempt.at)]);
    if (mayTell) await this.partitions.need('journal', [toMonth(now)]);
    return await this.database.transaction((transaction) => settleIn(transaction, settlement), {
      locksJournal: mayTell,
      looksUp: true,
    });
  }

  async unblock(now: number, limit: number): Promise<number> {
    return await this.database.transaction(
      async (transaction) => {
        const { run } = transaction;
        const found = await run(
          `SELECT id, call FROM recordings WHERE state = ${blocked} ORDER BY deadline_at, id LIMIT $1`,
          [limit],
        );
        if (found.rows.length === 0) return 0;
        await run('SELECT id FROM calls WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE', [
          toNumbers(found.rows.map(({ call }) => call as number)),
        ]);
        const locked = await run(
          `SELECT ${recordingColumnNames} FROM recordings WHERE id = ANY($1::bigint[]) AND state = ${blocked}
           ORDER BY id FOR UPDATE`,
          [toNumbers(found.rows.map(({ id }) => id as number))],
        );
        const rows = locked.rows as RecordingRow[];
        await writeRecordings(
          transaction,
          rows.map((before) => ({ before, after: reopen(before, now, false) })),
        );
        // What another has unblocked meanwhile is not blocked: the caller goes on until there is none.
        return found.rows.length;
      },
      { looksUp: true },
    );
  }
}

async function settleIn(transaction: Transaction, settlement: Settlement): Promise<boolean> {
  const { id, generation, attempt, verdict } = settlement;
  const changesNoState = ['released', 'retry', 'put-off'].includes(verdict.kind);
  const before = changesNoState
    ? await lockRecordingAlone(transaction, fromRecordingId(id))
    : await lockRecording(transaction, id);
  if (before?.generation !== generation || before.phase !== phase.leased) return false;
  const { row: after, event } = settle(before, settlement);
  if (attempt) await keepAttempt(transaction, before.id, attempt);
  if (event) await appendEvents(transaction, [event]);
  await writeRecordings(transaction, [{ before, after }]);
  return true;
}

async function keepAttempt({ run }: Transaction, recording: number, attempt: DownloadAttempt): Promise<void> {
  await run(
    `INSERT INTO attempts (month, ${attemptColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [toMonth(attempt.at), ...toAttemptValues(recording, attempt)],
  );
}

/** Rows are locked in the order of their ids: the projector, which locks many, does so too. */
const renewSql = `
WITH asked AS (SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS asked (id, generation)),
ours AS MATERIALIZED (
  SELECT recordings.id FROM asked JOIN recordings USING (id)
  WHERE recordings.generation = asked.generation AND phase = ${phase.leased}
  ORDER BY recordings.id FOR UPDATE OF recordings)
UPDATE recordings SET leased_until = $3 FROM ours WHERE recordings.id = ours.id RETURNING recordings.id`;

function toClaimed(row: Row, until: number): ClaimedDownload {
  return {
    id: toRecordingId(row['id'] as number),
    generation: row['generation'] as number,
    until,
    callId: row['call_id'] as string,
    link: row['link'] as string,
    host: row['host'] as string,
    path: row['path'] as string,
    source: row['source'] as string,
    deadlineAt: row['deadline_at'] as number,
    attempts: row['attempts'] as number,
    lateAttempts: row['late_attempts'] as number,
    forced: row['forced'] === 1,
    firstReceivedAt: row['first_received_at'] as number,
    ...(row['start_at'] === null ? {} : { callStartAt: row['start_at'] as number }),
    ...(row['duration_seconds'] === null ? {} : { durationSeconds: row['duration_seconds'] as number }),
  };
}

function byDeadline(a: ClaimedDownload, b: ClaimedDownload): number {
  return a.deadlineAt - b.deadlineAt || fromRecordingId(a.id) - fromRecordingId(b.id);
}
