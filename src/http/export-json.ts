import type * as wire from '../contract/exports.js';
import type { Actor } from '../domain/rights.js';
import { toExportName } from '../domain/export-job.js';
import type { ExportOrder, Job } from '../store/jobs.js';
import { toInstant, toInstantWhereKnown } from './instant.js';
import { known } from './known.js';

export function toExportJson(job: Job, actor: Actor): wire.Export {
  const { filter } = JSON.parse(job.request) as ExportOrder;
  return known({
    id: job.id,
    format: job.format,
    filter,
    state: job.state,
    owner: job.ownerName,
    isMine: job.ownerId === ownerIdOf(actor),
    done: job.done,
    total: job.total,
    bytes: job.bytes,
    sha256: job.sha256,
    reason: job.reason,
    fileName: job.state === 'done' ? toExportName(job) : undefined,
    createdAt: toInstant(job.createdAt),
    endedAt: toInstantWhereKnown(job.endedAt),
    expiresAt: toInstantWhereKnown(job.expiresAt),
  });
}

/** Whose an export is: an account and a key may have the same id. */
export function ownerIdOf({ kind, id }: Actor): string {
  return `${kind}:${id}`;
}
