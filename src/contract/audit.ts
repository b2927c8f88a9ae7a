import { Type, type Static } from 'typebox';
import { actorKinds } from '../domain/rights.js';
import { Instant } from './instant.js';
import { NextCursor, pageParameters, parametersOf } from './page.js';

export const AuditRecord = Type.Object(
  {
    seq: Type.Integer({ description: '1, 2, 3, … without a gap.' }),
    at: Instant('When it was done.'),
    actor: Type.Object({
      kind: Type.Enum(actorKinds, { type: 'string' }),
      id: Type.String(),
      name: Type.String(),
    }),
    action: Type.String({ description: 'A word of docs/audit.md: `call.viewed`, `recording.heard`, …' }),
    subject: Type.Optional(Type.Object({ kind: Type.String(), id: Type.String() })),
    detail: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    address: Type.Optional(Type.String({ description: 'Where the request came from.' })),
    hash: Type.String({ description: 'SHA-256 over this record and the hash before it.' }),
    previousHash: Type.String(),
  },
  { title: 'AuditRecord', description: 'One line of the audit log.' },
);
export type AuditRecord = Static<typeof AuditRecord>;

export const AuditParameters = parametersOf({
  actorId: Type.Optional(Type.String()),
  action: Type.Optional(Type.String()),
  subjectKind: Type.Optional(Type.String()),
  subjectId: Type.Optional(Type.String()),
  from: Type.Optional(Type.String({ description: 'Inclusive. ISO 8601 with an offset.' })),
  to: Type.Optional(Type.String({ description: 'Exclusive. ISO 8601 with an offset.' })),
  ...pageParameters,
});
export type AuditParameters = Static<typeof AuditParameters>;

export const AuditPage = Type.Object(
  { items: Type.Array(AuditRecord), nextCursor: NextCursor },
  { title: 'AuditPage', description: 'Newest first.' },
);
export type AuditPage = Static<typeof AuditPage>;

export const AuditVerdict = Type.Object(
  {
    isIntact: Type.Boolean(),
    records: Type.Integer({ description: 'How many were checked.' }),
    brokenAt: Type.Optional(
      Type.Integer({ description: 'The first record that does not continue the chain.' }),
    ),
    lastHash: Type.String({
      description: 'Write it down elsewhere: whoever cuts the end off cannot make it again.',
    }),
  },
  {
    title: 'AuditVerdict',
    description: 'Whether the chain of hashes holds from the first record to the last.',
  },
);
export type AuditVerdict = Static<typeof AuditVerdict>;
