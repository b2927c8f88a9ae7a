import { Type } from 'typebox';
import { type ExportFormat, exportsFolder, toExportName } from '../../domain/export-job.js';
import type { Actor } from '../../domain/rights.js';
import { AppError } from '../../domain/errors.js';
import type { Job } from '../../store/jobs.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { ExportArea } from '../areas.js';
import { type AnsweredFile, answerWithFile, namesTag } from '../file-answer.js';
import { demand } from '../rights.js';
import { findExport, schemaOfOneExport } from './export-routes.js';

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  jsonl: 'application/jsonl; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
};

/** Never by a link of the storage's own, which could be passed on. */
export function addExportFileRoutes(api: Api, { jobs, assets }: ExportArea): void {
  const path = '/api/v1/exports/:id/file';

  api.get(
    path,
    {
      config: { right: 'export', audit: 'export.downloaded' },
      exposeHeadRoute: false,
      schema: {
        ...schemaOfOneExport,
        summary: 'The file; HEAD, Range, If-Range and If-None-Match as usual',
        description:
          'Of a ZIP with the right to `download` alone. 409 while there is none, or none any more.',
        response: fileAnswers,
      },
    },
    async (request, reply) => {
      const file = await findFile(request.params.id, request.actor);
      // Nothing is downloaded where it is there already.
      if (namesTag(request.headers['if-none-match'], file.etag)) request.noteForAudit(null);
      return answerWithFile(request, reply, file, assets);
    },
  );

  api.head(
    path,
    { config: { right: 'export' }, schema: { ...schemaOfOneExport, response: answers(200, Type.Null()) } },
    async (request, reply) =>
      answerWithFile(request, reply, await findFile(request.params.id, request.actor), assets),
  );

  async function findFile(id: string, actor: Actor): Promise<AnsweredFile> {
    const job = await findExport(jobs, id, actor);
    if (job.format === 'zip') demand(actor, 'download');
    if (job.state !== 'done' || job.fileName === undefined || job.sha256 === undefined)
      throw withoutFile(job);
    const fileName = `${exportsFolder}/${job.fileName}`;
    if ((await assets.size(fileName)) !== job.bytes) {
      throw new AppError('export-without-file', 'The file is gone from the storage.');
    }
    const mediaType = mediaTypes[job.format];
    const disposition = `attachment; filename="${toExportName(job)}"`;
    return { fileName, bytes: job.bytes, etag: `"${job.sha256}"`, mediaType, disposition };
  }
}

function withoutFile({ state, reason }: Job): AppError {
  const why = { waiting: 'It has not begun.', running: 'It is being made.', cancelled: 'It was cancelled.' };
  const sentence = {
    ...why,
    done: 'Its file is not known.',
    expired: 'Its time is over, and its file was deleted.',
    failed: `It failed. ${reason ?? ''}`.trim(),
  }[state];
  return new AppError('export-without-file', sentence);
}

const file = { '*/*': { schema: Type.String({ format: 'binary' }) } };
const fileAnswers = otherAnswers({
  200: { description: 'The file, with a strong ETag.', content: file },
  206: { description: 'The bytes that Range asked for.', content: file },
  304: Type.Null({ description: 'If-None-Match names the bytes there are.' }),
});
