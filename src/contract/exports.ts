import { Type, type Static } from 'typebox';
import { exportColumns, exportFormats, exportLanguages, jobStates } from '../domain/export-job.js';
import { callFilters } from './calls.js';
import { Instant } from './instant.js';
import { NextCursor, pageParameters, parametersOf } from './page.js';

export const ExportRequest = Type.Object(
  {
    format: Type.Enum(exportFormats, {
      type: 'string',
      description: 'A table of calls, or `zip`: their archived recordings with a manifest of SHA-256.',
    }),
    filter: Type.Object(callFilters, {
      additionalProperties: false,
      description: 'As GET /api/v1/calls takes them.',
    }),
    columns: Type.Optional(
      Type.Array(Type.Enum(exportColumns, { type: 'string' }), { minItems: 1, uniqueItems: true }),
    ),
    language: Type.Optional(
      Type.Enum(exportLanguages, { type: 'string', description: 'Of the headings of CSV and XLSX.' }),
    ),
  },
  { title: 'ExportRequest', additionalProperties: false },
);
export type ExportRequest = Static<typeof ExportRequest>;

export const Export = Type.Object(
  {
    id: Type.String(),
    format: ExportRequest.properties.format,
    filter: Type.Record(Type.String(), Type.Unknown()),
    state: Type.Enum(jobStates, { type: 'string' }),
    owner: Type.String(),
    isMine: Type.Boolean(),
    done: Type.Integer({ description: 'Calls, or recordings of a ZIP, so far.' }),
    total: Type.Optional(Type.Integer({ description: 'In all, where that is known.' })),
    bytes: Type.Integer(),
    sha256: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String({ description: 'Why it failed.' })),
    fileName: Type.Optional(Type.String({ description: 'What the download is called.' })),
    createdAt: Instant('When it was asked for.'),
    endedAt: Type.Optional(Instant('When it ended.')),
    expiresAt: Type.Optional(Instant('When its file is deleted.')),
  },
  { title: 'Export', description: 'A file made in the background.' },
);
export type Export = Static<typeof Export>;

export const ExportParameters = parametersOf(pageParameters);
export type ExportParameters = Static<typeof ExportParameters>;
export const ExportPage = Type.Object(
  { items: Type.Array(Export), nextCursor: NextCursor },
  { title: 'ExportPage', description: "Newest first; one's own, an administrator's list holds everybody's." },
);
export type ExportPage = Static<typeof ExportPage>;
