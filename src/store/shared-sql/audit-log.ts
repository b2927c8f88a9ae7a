import { cutPage } from '../../domain/cut-page.js';
import type { ActorKind } from '../../domain/rights.js';
import { auditHash, canonicalJson, chainStart } from '../audit-chain.js';
import type { AuditLog, AuditLogReader, AuditQuery, AuditRecord, NewAuditRecord } from '../audit-log.js';
import type { Row } from '../rows/row.js';
import { type OperationsOf, page, write } from './operations.js';
import { insertSql, present, roomFor } from './row-sql.js';
import { change, lock, rowOf, rowsOf, type SqlParameter, type Work } from './work.js';

const columns =
  'seq, at, actor_kind, actor_id, actor_name, action, subject_kind, subject_id, detail, address, previous_hash, hash';

export const auditLog: OperationsOf<AuditLog> = {
  append: write(function* (records) {
    // Whoever appends is alone until it has committed: two would continue the same record.
    yield* lock('audit-log');
    let last = yield* readLast();
    const appended: AuditRecord[] = [];
    for (const record of records) {
      const { previousHash, seq } = { previousHash: last.hash, seq: last.seq + 1 };
      const told = { ...asKept(record), seq, previousHash };
      last = { ...told, hash: auditHash(told) };
      yield* insert(last as AuditRecord);
      appended.push(last as AuditRecord);
    }
    return appended;
  }),
};

export const auditLogReader: OperationsOf<AuditLogReader> = {
  list: page(function* (query) {
    const { conditions, parameters } = toConditions(query);
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const rows = yield* rowsOf(
      `SELECT ${columns} FROM audit_log ${where} ORDER BY at DESC, seq DESC LIMIT ${roomFor(query.limit + 1)}`,
      ...parameters,
    );
    const { items, last } = cutPage(rows, query.limit, toRecord);
    return last ? { items, next: toRecord(last).seq } : { items };
  }),

  read: page(function* (after, limit) {
    const rows = yield* rowsOf(
      `SELECT ${columns} FROM audit_log WHERE seq > $1 ORDER BY seq LIMIT $2`,
      after,
      limit,
    );
    return rows.map(toRecord);
  }),
};

function* readLast(): Work<Pick<AuditRecord, 'seq' | 'hash'>> {
  const row = yield* rowOf('SELECT seq, hash FROM audit_log WHERE seq = (SELECT max(seq) FROM audit_log)');
  return row ? { seq: row['seq'] as number, hash: row['hash'] as string } : { seq: 0, hash: chainStart };
}

/** A detail is what its JSON says: the hash must be that of what is read later. */
function asKept({ at, actor, action, subject, detail, address }: NewAuditRecord): NewAuditRecord {
  const kept = detail && (JSON.parse(canonicalJson(detail)) as Record<string, unknown>);
  return present({
    at,
    actor: { kind: actor.kind, id: actor.id, name: actor.name },
    action,
    subject: subject ? { kind: subject.kind, id: subject.id } : null,
    detail: kept ?? null,
    address: address ?? null,
  });
}

function* insert({
  seq,
  at,
  actor,
  action,
  subject,
  detail,
  address,
  previousHash,
  hash,
}: AuditRecord): Work<void> {
  const values: Record<string, SqlParameter> = {
    ...{ seq, at, actor_kind: actor.kind, actor_id: actor.id, actor_name: actor.name, action },
    subject_kind: subject?.kind ?? null,
    subject_id: subject?.id ?? null,
    detail: detail ? canonicalJson(detail) : null,
    address: address ?? null,
    previous_hash: previousHash,
    hash,
  };
  yield* change(insertSql('audit_log', values), ...Object.values(values));
}

/** Each of the conditions that many records share is in an index by age: pages are read in its order. */
function toConditions(query: AuditQuery): { conditions: string[]; parameters: SqlParameter[] } {
  const { actorId, action, subjectKind, subjectId, from, to, before } = query;
  const conditions: string[] = [];
  const parameters: SqlParameter[] = [];
  const add = (value: SqlParameter | undefined, toSql: (parameter: string) => string): void => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(toSql(`$${parameters.length}`));
  };
  add(subjectId, (value) => `substr(subject_id, 1, 200) = substr(CAST(${value} AS TEXT), 1, 200)`);
  add(subjectId, (value) => `subject_id = ${value}`);
  add(actorId, (value) => `actor_id = ${value}`);
  add(action, (value) => `action = ${value}`);
  add(subjectKind, (value) => `subject_kind = ${value}`);
  add(from, (value) => `at >= ${value}`);
  add(to, (value) => `at < ${value}`);
  add(
    before,
    (value) => `(at, seq) < ((SELECT at FROM audit_log WHERE seq = ${value}), CAST(${value} AS BIGINT))`,
  );
  return { conditions, parameters };
}

function toRecord(row: Row): AuditRecord {
  const detail = row['detail'] as string | null;
  const kind = row['subject_kind'] as string | null;
  return present({
    seq: row['seq'] as number,
    at: row['at'] as number,
    actor: {
      kind: row['actor_kind'] as ActorKind,
      id: row['actor_id'] as string,
      name: row['actor_name'] as string,
    },
    action: row['action'] as string,
    subject: kind === null ? null : { kind, id: row['subject_id'] as string },
    detail: detail === null ? null : (JSON.parse(detail) as Record<string, unknown>),
    address: row['address'] as string | null,
    previousHash: row['previous_hash'] as string,
    hash: row['hash'] as string,
  });
}
