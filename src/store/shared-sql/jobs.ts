import { cutPage } from '../../domain/cut-page.js';
import { type ExportFormat, type JobState, jobStates } from '../../domain/export-job.js';
import type { Job, JobLease, Jobs, JobWork } from '../jobs.js';
import { isFreeSql, type Row } from '../rows/row.js';
import { brief, type OperationsOf, page, read, write } from './operations.js';
import { present, roomFor } from './row-sql.js';
import { change, lock, rowOf, rowsOf, type SqlParameter, wake, type Work } from './work.js';

const jobColumns =
  'id, format, request, owner_id, owner_name, state, done, total, bytes, file_name, sha256, reason, created_at, ended_at, expires_at';

/** In the order of `jobStates`; indexes are for literals of them (tables.ts). */
const stateNumber: Readonly<Record<JobState, number>> = {
  waiting: 0,
  running: 1,
  done: 2,
  failed: 3,
  cancelled: 4,
  expired: 5,
};

function toJob(row: Row): Job {
  return present({
    id: row['id'] as string,
    format: row['format'] as ExportFormat,
    request: row['request'] as string,
    ownerId: row['owner_id'] as string,
    ownerName: row['owner_name'] as string,
    state: jobStates[row['state'] as number] ?? 'failed',
    done: row['done'] as number,
    total: row['total'] as number | null,
    bytes: row['bytes'] as number,
    fileName: row['file_name'] as string | null,
    sha256: row['sha256'] as string | null,
    reason: row['reason'] as string | null,
    createdAt: row['created_at'] as number,
    endedAt: row['ended_at'] as number | null,
    expiresAt: row['expires_at'] as number | null,
  });
}

export const jobs: OperationsOf<Jobs> = {
  create: write(function* ({ id, format, request, ownerId, ownerName, createdAt }) {
    const row = yield* rowOf(
      `INSERT INTO jobs (id, format, request, owner_id, owner_name, created_at, state, done, bytes, generation)
       VALUES ($1, $2, $3, $4, $5, $6, ${stateNumber.waiting}, 0, 0, 0) RETURNING ${jobColumns}`,
      ...[id, format, request, ownerId, ownerName, createdAt],
    );
    yield* wake('jobs');
    return toJob(found(row));
  }),

  list: page(function* ({ ownerId, limit, before }) {
    const conditions: string[] = [];
    const parameters: SqlParameter[] = [];
    if (ownerId !== undefined) conditions.push(`owner_id = $${parameters.push(ownerId)}`);
    if (before !== undefined) {
      const id = `$${parameters.push(before)}`;
      conditions.push(`(created_at, id) < ((SELECT created_at FROM jobs WHERE id = ${id}), ${id})`);
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const rows = yield* rowsOf(
      `SELECT ${jobColumns} FROM jobs ${where} ORDER BY created_at DESC, id DESC LIMIT ${roomFor(limit + 1)}`,
      ...parameters,
    );
    const { items, last } = cutPage(rows, limit, toJob);
    return last ? { items, next: toJob(last).id } : { items };
  }),

  get: read(function* (id) {
    const row = yield* rowOf(`SELECT ${jobColumns} FROM jobs WHERE id = $1`, id);
    return row && toJob(row);
  }),

  cancel: write(function* (id, now) {
    // The raised generation refuses whatever its exporter still has to say.
    const cancelled = yield* rowOf(
      `UPDATE jobs SET state = ${stateNumber.cancelled}, ended_at = $2, leased_until = NULL, generation = generation + 1
       WHERE id = $1 AND state <= ${stateNumber.running} RETURNING ${jobColumns}`,
      ...[id, now],
    );
    if (cancelled) yield* wake('jobs');
    const row = cancelled ?? (yield* rowOf(`SELECT ${jobColumns} FROM jobs WHERE id = $1`, id));
    return row && toJob(row);
  }),
};

/** What a lease still holds: `$1` and `$2` are its id and its generation. */
const held = `id = $1 AND generation = $2 AND state = ${stateNumber.running}`;

export const jobWork: OperationsOf<JobWork> = {
  claim: write(function* (now, until) {
    yield* lock('jobs');
    const free = yield* rowOf(
      `SELECT id FROM jobs WHERE state < 2 AND ${isFreeSql('$1')}
       ORDER BY created_at, id LIMIT 1`,
      now,
    );
    if (!free) return undefined;
    const row = yield* rowOf(
      `UPDATE jobs SET state = ${stateNumber.running}, leased_until = $2, generation = generation + 1,
         done = 0, total = NULL, bytes = 0 WHERE id = $1 RETURNING ${jobColumns}, generation`,
      free['id'] as string,
      until,
    );
    yield* wake('jobs');
    const job = toJob(found(row));
    return { job, lease: { id: job.id, generation: found(row)['generation'] as number } };
  }),

  progress: brief(function* (lease, { done, total, bytes }, until) {
    return yield* changeHeld(lease, 'done = $3, total = $4, bytes = $5, leased_until = $6', [
      ...[done, total ?? null, bytes, until],
    ]);
  }),

  end: write(function* (lease, end, now) {
    if (end.state === 'failed') {
      return yield* changeHeld(
        lease,
        `state = ${stateNumber.failed}, reason = $3, ended_at = $4, leased_until = NULL`,
        [end.reason, now],
      );
    }
    const { done, total, bytes } = end.progress;
    return yield* changeHeld(
      lease,
      `state = ${stateNumber.done}, file_name = $3, sha256 = $4, expires_at = $5, done = $6, total = $7, bytes = $8,
         ended_at = $9, leased_until = NULL`,
      [end.fileName, end.sha256, end.expiresAt, done, total ?? null, bytes, now],
    );
  }),

  release: write(function* (lease) {
    yield* changeHeld(lease, `state = ${stateNumber.waiting}, leased_until = NULL`, []);
  }),

  expire: write(function* (now, limit) {
    const rows = yield* rowsOf(
      `UPDATE jobs SET state = ${stateNumber.expired} WHERE id IN
         (SELECT id FROM jobs WHERE state = 2 AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2)
       RETURNING ${jobColumns}`,
      now,
      limit,
    );
    if (rows.length > 0) yield* wake('jobs');
    return rows.map(toJob);
  }),
};

/** False: the lease holds nothing any more. */
function* changeHeld(
  { id, generation }: JobLease,
  assignments: string,
  values: readonly SqlParameter[],
): Work<boolean> {
  const changes = yield* change(`UPDATE jobs SET ${assignments} WHERE ${held}`, id, generation, ...values);
  if (changes === 1) yield* wake('jobs');
  return changes === 1;
}

function found(row: Row | undefined): Row {
  if (!row) throw new Error('a job that was written is not there');
  return row;
}
