import { longestDelayMs } from '../../domain/retry-schedule.js';
import type { ClaimedDownload, ClaimRequest } from '../recordings.js';
import { fromRecordingId, phase, toRecordingId, type RecordingRow } from '../rows/recording-row.js';
import { change, rowOf, rowsOf, type Work } from '../shared-sql/work.js';
import { attemptsOf } from './recording-states.js';

/** Most recordings whose wait is over that one claim looks at, so that a claim stays short after a long stop. */
const promotedPerClaim = 1_000;

export function* claimDownloads(request: ClaimRequest): Work<ClaimedDownload[]> {
  yield* makeDue(request.now);
  const rows = yield* request.only ? earliestOf(request.only, request.limit) : earliest(request);
  const claimed: ClaimedDownload[] = [];
  for (const row of rows) claimed.push(yield* lease(row, request));
  return claimed;
}

function* makeDue(now: number): Work<void> {
  for (const [isOver, at] of [
    ['<=', now],
    ['>', now + longestDelayMs],
  ] as const) {
    yield* change(
      `UPDATE recordings SET phase = ${phase.due} WHERE id IN (
         SELECT id FROM recordings WHERE phase = ${phase.waiting} AND next_attempt_at ${isOver} $1
         ORDER BY next_attempt_at LIMIT ${promotedPerClaim})`,
      at,
    );
    yield* change(
      `UPDATE recordings SET phase = ${phase.due}, leased_until = NULL
       WHERE phase = ${phase.leased} AND leased_until ${isOver} $1`,
      at,
    );
  }
}

/** Of the named recordings those that are due, earliest deadline first. They are few, and hosts do not matter. */
function* earliestOf(ids: readonly string[], limit: number): Work<RecordingRow[]> {
  const rows = yield* rowsOf(
    `SELECT * FROM recordings WHERE id IN (SELECT value FROM json_each($1)) AND phase = ${phase.due}
     ORDER BY deadline_at LIMIT $2`,
    ...[JSON.stringify(ids.map(fromRecordingId)), limit],
  );
  return rows as RecordingRow[];
}

/** The due rows with the earliest deadlines, no more of a host than it may have. Hosts are few; their due rows may be many. */
function* earliest(request: ClaimRequest): Work<RecordingRow[]> {
  const candidates: RecordingRow[] = [];
  for (let host = yield* hostAfter(''); host !== null; host = yield* hostAfter(host)) {
    const free = freeAt(request, host);
    if (free <= 0) continue;
    const rows = yield* rowsOf(
      `SELECT * FROM recordings WHERE phase = ${phase.due} AND host = $1 ORDER BY deadline_at LIMIT $2`,
      ...[host, free],
    );
    candidates.push(...(rows as RecordingRow[]));
  }
  return candidates.sort((a, b) => a.deadline_at - b.deadline_at).slice(0, request.limit);
}

function* hostAfter(host: string): Work<string | null> {
  const sql = `SELECT min(host) AS host FROM recordings WHERE phase = ${phase.due} AND host > $1`;
  return ((yield* rowOf(sql, host))?.['host'] as string | null | undefined) ?? null;
}

/** A host may be named like something that every object has: `constructor`. */
function freeAt({ perHost, running, shares, limit }: ClaimRequest, host: string): number {
  const count = Object.hasOwn(running, host) ? (running[host] ?? 0) : 0;
  return Math.min((shares?.get(host) ?? perHost) - count, limit);
}

function* lease(row: RecordingRow, { now, leaseMs }: ClaimRequest): Work<ClaimedDownload> {
  const generation = row.generation + 1;
  const until = now + leaseMs;
  yield* change(
    `UPDATE recordings SET phase = ${phase.leased}, generation = $2, leased_until = $3, leased_link_seq = link_seq WHERE id = $1`,
    ...[row.id, generation, until],
  );
  const told = yield* rowOf(
    `SELECT start_at, first_received_at, duration_seconds, (SELECT source FROM journal WHERE seq = $2) AS source,
       (${attemptsOf('$3')}) AS attempts, (${attemptsOf('$3')} AND at >= $4) AS late_attempts
     FROM calls WHERE id = $1`,
    ...[row.call, row.link_seq, row.id, row.deadline_at],
  );
  const { start_at: startAt, duration_seconds: seconds } = told as Record<string, number | null>;
  return {
    id: toRecordingId(row.id),
    generation,
    until,
    callId: row.call_id,
    link: row.link,
    host: row.host,
    path: row.path,
    source: (told?.['source'] as string | null | undefined) ?? '',
    deadlineAt: row.deadline_at,
    attempts: told?.['attempts'] as number,
    lateAttempts: now < row.deadline_at ? 0 : (told?.['late_attempts'] as number),
    forced: row.forced === 1,
    firstReceivedAt: told?.['first_received_at'] as number,
    ...(startAt == null ? {} : { callStartAt: startAt }),
    ...(seconds == null ? {} : { durationSeconds: seconds }),
  };
}
