import { jobStates, type ExportFormat, type JobState } from '../../domain/export-job.js';
import type { Job } from '../jobs.js';
import type { Row } from '../rows/row.js';
import { present } from './present.js';

export const jobColumns =
  'id, format, request, owner_id, owner_name, state, done, total, bytes, file_name, sha256, reason, created_at, ended_at, expires_at';

/** In the order of `jobStates`; indexes are for literals of them (tables.ts). */
export const stateNumber: Readonly<Record<JobState, number>> = {
  waiting: 0,
  running: 1,
  done: 2,
  failed: 3,
  cancelled: 4,
  expired: 5,
};

export function toJob(row: Row): Job {
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
