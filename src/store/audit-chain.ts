import { createHash } from 'node:crypto';
import type { AuditRecord } from './audit-log.js';

/** What the first record continues. */
export const chainStart = '0'.repeat(64);

/**
 * Lower-case hex SHA-256 over the record's canonical JSON: members by name, without those that are absent, and
 * `previousHash` among them.
 */
export function auditHash(record: Omit<AuditRecord, 'hash'>): string {
  const { seq, at, actor, action, subject, detail, address, previousHash } = record;
  const { kind, id, name } = actor;
  const told = { seq, at, actor: { kind, id, name }, action, subject, detail, address, previousHash };
  return createHash('sha256').update(canonicalJson(told)).digest('hex');
}

/** The first of these records, ascending, that does not continue the one before it; undefined where all do. */
export function findBreak(
  before: Pick<AuditRecord, 'seq' | 'hash'>,
  records: readonly AuditRecord[],
): AuditRecord | undefined {
  let last = before;
  for (const record of records) {
    const continues = record.seq === last.seq + 1 && record.previousHash === last.hash;
    if (!continues || record.hash !== auditHash(record)) return record;
    last = record;
  }
  return undefined;
}

/** JSON whose members are in the order of their names, whoever wrote it. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(byName))
      : member,
  );
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}
