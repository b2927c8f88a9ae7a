import type * as wire from '../contract/audit.js';
import type { AuditRecord } from '../store/audit-log.js';
import { toInstant } from './instant.js';
import { known } from './known.js';

export function toAuditRecordJson(record: AuditRecord): wire.AuditRecord {
  const { actor, subject } = record;
  return known({
    seq: record.seq,
    at: toInstant(record.at),
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    action: record.action,
    subject: subject && { kind: subject.kind, id: subject.id },
    detail: record.detail && { ...record.detail },
    address: record.address,
    hash: record.hash,
    previousHash: record.previousHash,
  });
}
