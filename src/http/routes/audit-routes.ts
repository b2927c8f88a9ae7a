import { verifyChain } from '../../access/auditor.js';
import { AuditPage, AuditParameters, AuditVerdict } from '../../contract/audit.js';
import { defaultLimit, parametersOf } from '../../contract/page.js';
import type { AuditRecord } from '../../store/audit-log.js';
import { answers, type Api } from '../api.js';
import type { PeopleArea } from '../areas.js';
import { fromAuditCursor, toAuditCursor } from '../cursor.js';
import { known, parseInstant, toInstant } from '../json-values.js';
import type * as wire from '../../contract/audit.js';

const tags = ['audit'];

export function addAuditRoutes(api: Api, { auditLogReader }: PeopleArea): void {
  api.get(
    '/api/v1/audit',
    {
      config: { right: 'administer' },
      schema: {
        tags,
        summary: 'The audit log, newest first',
        querystring: AuditParameters,
        response: answers(200, AuditPage),
      },
    },
    async ({ query }): Promise<AuditPage> => {
      const { limit = defaultLimit, cursor, from, to, ...filters } = query;
      const { items, next } = await auditLogReader.list(
        known({
          ...filters,
          limit,
          from: from === undefined ? undefined : parseInstant('from', from),
          to: to === undefined ? undefined : parseInstant('to', to),
          before: cursor === undefined ? undefined : fromAuditCursor(cursor),
        }),
      );
      return known({
        items: items.map(toAuditRecordJson),
        nextCursor: next === undefined ? undefined : toAuditCursor(next),
      });
    },
  );

  api.post(
    '/api/v1/audit/verify',
    {
      config: { right: 'administer', audit: 'audit.verified' },
      schema: {
        tags,
        summary: 'Check the chain of hashes from the first record to the last',
        description: 'Reads all of it, in steps that hold nobody up; needs no body.',
        querystring: parametersOf({}),
        response: answers(200, AuditVerdict),
      },
    },
    async (request): Promise<AuditVerdict> => {
      const verdict = known(await verifyChain(auditLogReader));
      request.noteForAudit({ detail: verdict });
      return verdict;
    },
  );
}

function toAuditRecordJson(record: AuditRecord): wire.AuditRecord {
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
