import { Type } from 'typebox';
import { CallCount, CallCountParameters } from '../../contract/calls.js';
import { Export, ExportPage, ExportParameters, ExportRequest } from '../../contract/exports.js';
import { defaultLimit, parametersOf } from '../../contract/page.js';
import type { Actor } from '../../domain/rights.js';
import { AppError } from '../../domain/errors.js';
import { exportColumns, toExportName } from '../../domain/export-job.js';
import type { ExportOrder, Job, Jobs } from '../../store/jobs.js';
import { answers, type Api } from '../api.js';
import type { ExportArea } from '../areas.js';
import { toSelection } from './call-routes.js';
import { fromExportCursor, toExportCursor } from '../cursor.js';
import { checkShape, readJsonObject, sentBody } from '../request-body.js';
import { known, toInstant, toInstantWhereKnown } from '../json-values.js';
import { demand } from '../rights.js';

/** Counting so many takes milliseconds, whatever is asked for. */
const maxCounted = 10_000;
const tags = ['exports'];

export function addExportRoutes(api: Api, deps: ExportArea): void {
  addCount(api, deps);
  addCreation(api, deps);
  addReading(api, deps);
  addCancelling(api, deps);
}

function addCount(api: Api, { calls }: ExportArea): void {
  api.get(
    '/api/v1/call-count',
    {
      config: { right: 'view' },
      schema: {
        tags: ['calls'],
        summary: 'How many calls a search would find, up to 10,000',
        querystring: CallCountParameters,
        response: answers(200, CallCount),
      },
    },
    async (request): Promise<CallCount> => {
      const counted = await calls.count({ ...toSelection(request.query), limit: maxCounted });
      return { calls: counted.calls, isMore: counted.next !== undefined };
    },
  );
}

function addCreation(api: Api, { jobs, newId, clock, onJobsChanged }: ExportArea): void {
  api.post(
    '/api/v1/exports',
    {
      config: { right: 'export', audit: 'export.created', documentedBody: ExportRequest },
      schema: {
        tags,
        summary: 'Make a table of calls, or a ZIP of their recordings, in the background',
        description:
          'Of all calls that the filter finds, however many. A ZIP needs the right to `download`, too.',
        querystring: parametersOf({}),
        response: answers(202, Export),
      },
    },
    async (request, reply): Promise<Export> => {
      const { actor } = request;
      const { format, ...wanted } = checkShape(
        ExportRequest,
        readJsonObject(sentBody(request)),
        'body-invalid',
      );
      if (format === 'zip') demand(actor, 'download');
      const order = toOrder(wanted);
      const owner = { ownerId: ownerIdOf(actor), ownerName: actor.name };
      const job = { id: newId(), format, request: JSON.stringify(order), ...owner, createdAt: clock() };
      const created = await jobs.create(job);
      onJobsChanged();
      const detail = { format, filter: order.filter };
      request.noteForAudit({ subject: { kind: 'export', id: created.id }, detail });
      reply.code(202);
      return toExportJson(created, actor);
    },
  );
}

function addReading(api: Api, { jobs }: ExportArea): void {
  api.get(
    '/api/v1/exports',
    {
      config: { right: 'export' },
      schema: {
        tags,
        summary: "One's own exports, newest first; everybody's for administrators",
        querystring: ExportParameters,
        response: answers(200, ExportPage),
      },
    },
    async ({ query, actor }): Promise<ExportPage> => {
      const { limit = defaultLimit, cursor } = query;
      const whose = seesAll(actor) ? {} : { ownerId: ownerIdOf(actor) };
      const before = cursor === undefined ? {} : { before: fromExportCursor(cursor) };
      const { items, next } = await jobs.list({ ...whose, limit, ...before });
      return known({
        items: items.map((job) => toExportJson(job, actor)),
        nextCursor: next === undefined ? undefined : toExportCursor(next),
      });
    },
  );

  api.get(
    '/api/v1/exports/:id',
    {
      config: { right: 'export' },
      schema: {
        ...schemaOfOneExport,
        summary: 'One export and how far it is',
        response: answers(200, Export),
      },
    },
    async ({ params, actor }): Promise<Export> =>
      toExportJson(await findExport(jobs, params.id, actor), actor),
  );
}

function addCancelling(api: Api, { jobs, clock, onJobsChanged }: ExportArea): void {
  api.post(
    '/api/v1/exports/:id/cancel',
    {
      config: { right: 'export', audit: 'export.cancelled' },
      schema: {
        ...schemaOfOneExport,
        summary: 'Make no more of it',
        description: 'One that has ended stays as it is.',
        response: answers(200, Export),
      },
    },
    async (request): Promise<Export> => {
      const { actor, params } = request;
      await findExport(jobs, params.id, actor);
      const job = await jobs.cancel(params.id, clock());
      if (!job) throw unknownExport();
      if (job.state !== 'cancelled') request.noteForAudit(null);
      onJobsChanged();
      return toExportJson(job, actor);
    },
  );
}

export const schemaOfOneExport = {
  tags,
  params: Type.Object({ id: Type.String() }),
  querystring: parametersOf({}),
};

/** Throws `export-unknown`, of somebody else's, too. */
export async function findExport(jobs: Pick<Jobs, 'get'>, id: string, actor: Actor): Promise<Job> {
  const job = await jobs.get(id);
  if (!job || !(seesAll(actor) || job.ownerId === ownerIdOf(actor))) throw unknownExport();
  return job;
}

function seesAll({ rights }: Actor): boolean {
  return rights.includes('administer');
}

function unknownExport(): AppError {
  return new AppError('export-unknown', 'No export of yours has this id.');
}

/** Throws `parameter-invalid` for a time that cannot be read. */
function toOrder({ filter, columns, language }: Omit<ExportRequest, 'format'>): ExportOrder {
  return {
    filter,
    selection: toSelection(filter),
    columns: columns ?? exportColumns,
    language: language ?? 'en',
  };
}

function toExportJson(job: Job, actor: Actor): Export {
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
function ownerIdOf({ kind, id }: Actor): string {
  return `${kind}:${id}`;
}
