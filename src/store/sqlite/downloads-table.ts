import type { DownloadAttempt, DownloadVerdict } from '../../domain/recording.js';
import { longestDelayMs } from '../../domain/retry-schedule.js';
import type {
  ClaimedDownload,
  ClaimRequest,
  DescribedAsset,
  Downloads,
  RecordingsWriter,
  RemovalAnswer,
  RetryAnswer,
  Settlement,
} from '../recordings.js';
import { answerRetry, isStillArchived } from '../rows/link-rules.js';
import { archivedEvent, describedEvent, lostEvent, type Announced } from '../rows/recording-events.js';
import {
  assetColumns,
  attemptColumns,
  fromRecordingId,
  phase,
  toAssetValues,
  toAttemptValues,
  toRecordingFlagBits,
  toRecordingId,
  toStateNumber,
} from '../rows/recording-row.js';
import type { Connection, Row } from './connection.js';
import { appendEvent } from './journal-table.js';
import { earliestOf, freeAt, sourceOf } from './claim-choice.js';
import { removeRecording } from './recording-removal.js';
import { countAttempts, noteStateChange } from './recording-states.js';
import type { Synchronous } from './synchronous.js';

const pending = toStateNumber('pending');
const archived = toStateNumber('archived');
const lost = toStateNumber('lost');
const blocked = toStateNumber('blocked');

/** Most recordings whose wait is over that one claim looks at, so that a claim stays short after a long stop. */
const promotedPerClaim = 1_000;

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
 * Claims and renewals do not wait for the disk: a loss of power ends the holder with its lease. What seems to wait, or
 * to be held, for longer than anything does was put off by a clock that was wrong: a claim makes it due.
 * A fresh link that arrives while a download runs does not disturb it; but then "lost" and "retry" speak
 * of a link that is no longer there (`leased_link_seq` < `link_seq`), and the recording is due at once.
 */
export class DownloadsTable implements Synchronous<Downloads>, Synchronous<RecordingsWriter> {
  constructor(private readonly connection: Connection) {}

  claim(request: ClaimRequest): ClaimedDownload[] {
    return this.connection.briefTransaction(() => {
      this.#makeDue(request.now);
      const { only } = request;
      const rows = only ? earliestOf(this.connection, only, request.limit) : this.#earliest(request);
      return rows.map((row) => this.#lease(row, request));
    });
  }

  renew(leases: readonly { id: string; generation: number }[], until: number): string[] {
    return this.connection.briefTransaction(() => {
      const renew = this.connection.prepare(
        `UPDATE recordings SET leased_until = ? WHERE id = ? AND generation = ? AND phase = ${phase.leased}`,
      );
      return leases
        .filter(({ id, generation }) => renew.run(until, fromRecordingId(id), generation).changes === 1)
        .map(({ id }) => id);
    });
  }

  settle(settlement: Settlement): boolean {
    return this.connection.transaction(() => {
      const row = this.connection
        .prepare(`SELECT * FROM recordings WHERE id = ? AND generation = ? AND phase = ${phase.leased}`)
        .get(fromRecordingId(settlement.id), settlement.generation);
      if (!row) return false;
      if (settlement.attempt) this.#keepAttempt(row, settlement.attempt);
      this.#conclude(row, settlement);
      return true;
    });
  }

  unblock(now: number, limit: number): number {
    return this.connection.transaction(() => {
      const rows = this.connection
        .prepare(
          `SELECT id, call, state FROM recordings WHERE state = ${blocked} ORDER BY deadline_at LIMIT ?`,
        )
        .all(limit);
      for (const row of rows) this.#reopen(row, now, false);
      return rows.length;
    });
  }

  retryNow(id: string, now: number, replacing?: string): RetryAnswer {
    return this.connection.transaction(() => {
      const row = this.connection.prepare('SELECT * FROM recordings WHERE id = ?').get(fromRecordingId(id));
      if (!row) return 'unknown';
      const answer = answerRetry(row, now, replacing);
      if (answer === 'accepted') this.#reopen(row, now, true);
      return answer;
    });
  }

  describe(id: string, { asset, flags }: DescribedAsset, now: number): boolean {
    return this.connection.transaction(() => {
      const row = this.connection
        .prepare(
          `SELECT id, call_id, generation FROM recordings WHERE id = ? AND state = ${archived} AND sha256 = ?`,
        )
        .get(fromRecordingId(id), asset.sha256);
      if (!row) return false;
      const announced = toAnnounced(row, row['generation'] as number);
      appendEvent(this.connection, describedEvent(announced, { asset, flags, now }));
      return true;
    });
  }

  remove(id: string, now: number): RemovalAnswer {
    return removeRecording(this.connection, id, now);
  }

  #makeDue(now: number): void {
    const putOff = now + longestDelayMs;
    for (const [isOver, at] of [
      ['<=', now],
      ['>', putOff],
    ] as const) {
      this.connection
        .prepare(
          `UPDATE recordings SET phase = ${phase.due} WHERE id IN (
             SELECT id FROM recordings WHERE phase = ${phase.waiting} AND next_attempt_at ${isOver} ?
             ORDER BY next_attempt_at LIMIT ${promotedPerClaim})`,
        )
        .run(at);
      this.connection
        .prepare(
          `UPDATE recordings SET phase = ${phase.due}, leased_until = NULL
           WHERE phase = ${phase.leased} AND leased_until ${isOver} ?`,
        )
        .run(at);
    }
  }

  /** The due rows with the earliest deadlines, no more of a host than it may have. Hosts are few; their due rows may be many. */
  #earliest(request: ClaimRequest): Row[] {
    const nextHost = this.connection.prepare(
      `SELECT min(host) AS host FROM recordings WHERE phase = ${phase.due} AND host > ?`,
    );
    const ofHost = this.connection.prepare(
      `SELECT * FROM recordings WHERE phase = ${phase.due} AND host = ? ORDER BY deadline_at LIMIT ?`,
    );
    const candidates: Row[] = [];
    for (
      let host = nextHost.get('')?.['host'];
      typeof host === 'string';
      host = nextHost.get(host)?.['host']
    ) {
      const free = freeAt(request, host);
      if (free > 0) candidates.push(...ofHost.all(host, free));
    }
    return candidates
      .sort((a, b) => (a['deadline_at'] as number) - (b['deadline_at'] as number))
      .slice(0, request.limit);
  }

  #lease(row: Row, { now, leaseMs }: ClaimRequest): ClaimedDownload {
    const id = row['id'] as number;
    const generation = (row['generation'] as number) + 1;
    const until = now + leaseMs;
    const deadlineAt = row['deadline_at'] as number;
    this.connection
      .prepare(
        `UPDATE recordings SET phase = ${phase.leased}, generation = ?, leased_until = ?, leased_link_seq = link_seq WHERE id = ?`,
      )
      .run(generation, until, id);
    const call = this.connection
      .prepare('SELECT start_at, first_received_at, duration_seconds FROM calls WHERE id = ?')
      .get(row['call'] as number);
    return {
      id: toRecordingId(id),
      generation,
      until,
      callId: row['call_id'] as string,
      link: row['link'] as string,
      host: row['host'] as string,
      path: row['path'] as string,
      source: sourceOf(this.connection, row),
      deadlineAt,
      attempts: countAttempts(this.connection, id),
      lateAttempts: now < deadlineAt ? 0 : countAttempts(this.connection, id, deadlineAt),
      forced: row['forced'] === 1,
      firstReceivedAt: call?.['first_received_at'] as number,
      ...(call?.['start_at'] == null ? {} : { callStartAt: call['start_at'] as number }),
      ...(call?.['duration_seconds'] == null ? {} : { durationSeconds: call['duration_seconds'] as number }),
    };
  }

  #keepAttempt(row: Row, attempt: DownloadAttempt): void {
    const { outcome, reason } = attempt;
    this.connection
      .prepare(`INSERT INTO attempts (${attemptColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
      .run(...toAttemptValues(row['id'] as number, attempt));
    if (outcome === 'aborted') return;
    this.connection
      .prepare('UPDATE recordings SET forced = 0, reason = ? WHERE id = ?')
      .run(outcome === 'ok' ? null : reason, row['id'] as number);
  }

  #conclude(row: Row, { verdict, now, generation }: Settlement): void {
    const linkIsStale = (row['leased_link_seq'] as number) < (row['link_seq'] as number);
    switch (verdict.kind) {
      case 'archived':
        this.#archive(row, verdict, now, generation);
        return;
      case 'released':
        this.#wait(row, phase.due, row['next_attempt_at'] as number);
        return;
      case 'retry':
        if (linkIsStale) this.#reopen(row, now, true);
        else this.#wait(row, phase.waiting, verdict.nextAttemptAt);
        return;
      case 'put-off':
        this.#wait(row, phase.waiting, verdict.nextAttemptAt, verdict.reason);
        return;
      case 'lost':
        if (linkIsStale) this.#reopen(row, now, true);
        else this.#lose(row, verdict.reason, now, generation);
        return;
      case 'blocked':
        if (linkIsStale) this.#reopen(row, now, true);
        else this.#close(row, blocked, verdict.reason);
    }
  }

  #archive(
    row: Row,
    { asset, flags }: Extract<DownloadVerdict, { kind: 'archived' }>,
    now: number,
    generation: number,
  ): void {
    const columns = assetColumns.split(', ');
    this.connection
      .prepare(
        `UPDATE recordings SET short = ?, ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`,
      )
      .run(toRecordingFlagBits(flags), ...toAssetValues(asset), row['id'] as number);
    this.#close(row, archived, null);
    appendEvent(this.connection, archivedEvent(toAnnounced(row, generation), { asset, flags, now }));
  }

  #lose(row: Row, reason: string, now: number, generation: number): void {
    const isArchived = isStillArchived(row);
    this.#close(row, isArchived ? archived : lost, reason);
    if (isArchived) return;
    const linkSeq = row['link_seq'] as number;
    appendEvent(this.connection, lostEvent(toAnnounced(row, generation), { reason, linkSeq, now }));
  }

  #wait(row: Row, next: number, nextAttemptAt: number, reason: string | null = null): void {
    this.connection
      .prepare(
        'UPDATE recordings SET phase = ?, next_attempt_at = ?, leased_until = NULL, reason = coalesce(?, reason) WHERE id = ?',
      )
      .run(next, nextAttemptAt, reason, row['id'] as number);
  }

  #close(row: Row, state: number, reason: string | null): void {
    this.connection
      .prepare(
        `UPDATE recordings SET state = ?, phase = NULL, next_attempt_at = NULL, leased_until = NULL, forced = 0, reason = ?
         WHERE id = ?`,
      )
      .run(state, reason, row['id'] as number);
    noteStateChange(this.connection, row['call'] as number, row['state'] as number, state);
  }

  #reopen(row: Row, now: number, forced: boolean): void {
    this.connection
      .prepare(
        `UPDATE recordings SET state = ${pending}, phase = ${phase.due}, next_attempt_at = ?, leased_until = NULL, forced = ?
         WHERE id = ?`,
      )
      .run(now, forced ? 1 : 0, row['id'] as number);
    noteStateChange(this.connection, row['call'] as number, row['state'] as number, pending);
  }
}

function toAnnounced(row: Row, generation: number): Announced {
  return { id: row['id'] as number, callId: row['call_id'] as string, generation };
}
