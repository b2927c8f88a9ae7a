import { longestDelayMs } from '../../domain/retry-schedule.js';
import type { ClaimedDownload, ClaimRequest } from '../recordings.js';
import { fromRecordingId, phase, toRecordingId } from '../rows/recording-row.js';
import type { Row } from '../rows/row.js';
import { change, rowsOf, type Work } from '../shared-sql/work.js';
import { toNumbers } from './row-arrays.js';

/** Most recordings whose wait is over that one claim looks at, so that a claim stays short after a long stop. */
const promotedPerClaim = 1_000;

/**
 * $1: now, $2: the latest that anything waits. What waits or is leased no longer is due, and so is what a clock that was
 * wrong has put off for longer than that.
 */
const promoteSql = `
UPDATE recordings SET phase = ${phase.due}, leased_until = NULL
WHERE id = ANY(ARRAY(
    SELECT id FROM recordings WHERE phase = ${phase.waiting} AND next_attempt_at <= $1
    ORDER BY next_attempt_at LIMIT ${promotedPerClaim} FOR UPDATE SKIP LOCKED)
  || ARRAY(
    SELECT id FROM recordings WHERE phase = ${phase.leased} AND leased_until <= $1
    ORDER BY leased_until LIMIT ${promotedPerClaim} FOR UPDATE SKIP LOCKED)
  || ARRAY(
    SELECT id FROM recordings WHERE phase = ${phase.waiting} AND next_attempt_at > $2
    ORDER BY next_attempt_at LIMIT ${promotedPerClaim} FOR UPDATE SKIP LOCKED)
  || ARRAY(
    SELECT id FROM recordings WHERE phase = ${phase.leased} AND leased_until > $2
    ORDER BY leased_until LIMIT ${promotedPerClaim} FOR UPDATE SKIP LOCKED))`;

/** A host as the index has it: one that is longer than any name may be shares its place with others. */
const hostKey = 'left(host, 200)';
const nextHost = `SELECT ${hostKey} FROM recordings WHERE phase = ${phase.due} AND ${hostKey} >`;

/**
 * The due rows with the earliest deadlines, no more of a host than it may have, locked; what another is just claiming
 * is passed over. Hosts are few and their due rows may be many: one host is found behind the other in the index.
 * $1: most of a host that is not named, $2: most of all, $3 and $4: hosts and how many may be claimed there. A few more rows are locked than are
 * taken, until the transaction ends: whoever claims meanwhile gets them the next time.
 */
const pickSql = `
WITH RECURSIVE hosts (host) AS (
  (${nextHost} '' ORDER BY ${hostKey} LIMIT 1)
  UNION ALL
  SELECT (${nextHost} hosts.host ORDER BY ${hostKey} LIMIT 1) FROM hosts WHERE hosts.host IS NOT NULL
),
free (host, slots) AS (
  SELECT hosts.host, least(coalesce(named.slots, $1::bigint), $2::bigint)
  FROM hosts LEFT JOIN unnest($3::text[], $4::bigint[]) AS named (host, slots) USING (host)
  WHERE hosts.host IS NOT NULL
)
SELECT due.id FROM free CROSS JOIN LATERAL (
  SELECT id, deadline_at FROM recordings WHERE phase = ${phase.due} AND ${hostKey} = free.host
  ORDER BY deadline_at, id LIMIT greatest(free.slots, 0) FOR UPDATE SKIP LOCKED
) AS due
ORDER BY due.deadline_at, due.id LIMIT $2`;

/** $1: nothing but these, $2: most of them. Whoever names them has no request to make of their hosts. */
const pickOfSql = `
SELECT id FROM recordings WHERE id = ANY($1::bigint[]) AND phase = ${phase.due}
ORDER BY deadline_at, id LIMIT $2 FOR UPDATE SKIP LOCKED`;

/** $1: what was picked, $2: until when it is ours, $3: now. */
const leaseSql = `
UPDATE recordings SET phase = ${phase.leased}, generation = generation + 1, leased_until = $2, leased_link_seq = link_seq
FROM calls WHERE recordings.id = ANY($1::bigint[]) AND calls.id = recordings.call
RETURNING recordings.id, recordings.generation, recordings.call_id, recordings.link, recordings.host, recordings.path,
  coalesce((SELECT source FROM journal WHERE seq = recordings.link_seq), '') AS source,
  recordings.deadline_at, recordings.attempts, recordings.forced, CASE WHEN recordings.deadline_at > $3 THEN 0 ELSE (
    SELECT count(*) FROM attempts
    WHERE recording_id = recordings.id AND at >= recordings.deadline_at AND outcome <> 'aborted') END AS late_attempts, calls.first_received_at, calls.start_at,
  calls.duration_seconds`;

export function* claimDownloads(request: ClaimRequest): Work<ClaimedDownload[]> {
  const { now, leaseMs, limit, perHost, only } = request;
  const { hosts, free } = toFree(request);
  const until = now + leaseMs;
  yield* change(promoteSql, now, now + longestDelayMs);
  const picked = only
    ? yield* rowsOf(pickOfSql, toNumbers(only.map(fromRecordingId)), limit)
    : yield* rowsOf(pickSql, perHost, limit, hosts, toNumbers(free));
  if (picked.length === 0) return [];
  const rows = yield* rowsOf(leaseSql, toNumbers(picked.map(({ id }) => id as number)), until, now);
  return rows.map((row) => toClaimed(row, until)).sort(byDeadline);
}

/** What may be claimed of the hosts that a request speaks of, as `pickSql` takes it. */
function toFree({ perHost, running, shares = new Map() }: ClaimRequest): {
  hosts: string[];
  free: number[];
} {
  const counts = new Map(Object.entries(running));
  const free = new Map<string, number>();
  for (const host of new Set([...counts.keys(), ...shares.keys()])) {
    const key = host.slice(0, 200);
    const used = counts.get(host) ?? 0;
    const left = free.get(key);
    free.set(key, left === undefined ? (shares.get(host) ?? perHost) - used : left - used);
  }
  return { hosts: [...free.keys()], free: [...free.values()] };
}

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
