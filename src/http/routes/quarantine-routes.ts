import { Type } from 'typebox';
import { defaultLimit, parametersOf } from '../../contract/page.js';
import {
  QuarantineCorrection,
  QuarantineDetail,
  QuarantinePage,
  QuarantineParameters,
  QuarantineRetry,
} from '../../contract/quarantine.js';
import type { Actor } from '../../domain/rights.js';
import { AppError } from '../../domain/errors.js';
import type { AppendResult } from '../../store/journal.js';
import type { QuarantineReader, QuarantineWriter } from '../../store/quarantine.js';
import type { Api } from '../api.js';
import { readCorrection } from '../correction.js';
import { fromQuarantineCursor, toQuarantineCursor } from '../cursor.js';
import { maySeeLinks } from '../hidden-links.js';
import { known } from '../known.js';
import { toQuarantineFilter } from '../quarantine-choice.js';
import { toQuarantineDetailJson, toQuarantineItemJson } from '../quarantine-json.js';
import { sentBody } from '../sent-body.js';
import { answers, otherAnswers } from './answers.js';

/**
 * Sorts an item again, with `body` in place of what was received where one is given. Rejects with
 * `quarantine-item-unknown`, or with `quarantine-still-unreadable`, and the item stays as it is.
 */
export type RetryQuarantined = (
  id: string,
  body?: Uint8Array,
) => Promise<Pick<AppendResult, 'appended' | 'duplicates'>>;

export interface QuarantineRoutesDeps {
  readonly quarantine: Pick<QuarantineReader, 'list' | 'get'>;
  readonly quarantineWriter: Pick<QuarantineWriter, 'discard'>;
  readonly retryQuarantined: RetryQuarantined;
}

/** A whole push of 64 MiB, in base64. */
const maxCorrectionBytes = 96 * 1024 * 1024;

const ItemId = Type.Object({ id: Type.String() });

export function addQuarantineRoutes(api: Api, deps: QuarantineRoutesDeps): void {
  const { quarantine, quarantineWriter, retryQuarantined } = deps;
  const tags = ['quarantine'];
  const schema = { tags, params: ItemId, querystring: parametersOf({}) };

  api.get(
    '/api/v1/quarantine',
    {
      config: { right: 'operate' },
      schema: {
        tags,
        summary: 'List what could not be read as a message, newest first',
        querystring: QuarantineParameters,
        response: answers(200, QuarantinePage),
      },
    },
    async (request): Promise<QuarantinePage> => {
      const { limit = defaultLimit, cursor, ...filter } = request.query;
      const after = cursor === undefined ? undefined : fromQuarantineCursor(cursor);
      const { items, next } = await quarantine.list(known({ ...toQuarantineFilter(filter), limit, after }));
      return known({
        items: items.map(toQuarantineItemJson),
        nextCursor: next === undefined ? undefined : toQuarantineCursor(next),
      });
    },
  );

  api.get(
    '/api/v1/quarantine/:id',
    {
      config: { right: 'operate', audit: 'quarantine.viewed' },
      schema: {
        ...schema,
        summary: 'One item with what was received',
        response: answers(200, QuarantineDetail),
      },
    },
    async (request): Promise<QuarantineDetail> => {
      const item = await quarantine.get(request.params.id);
      if (!item) throw unknownItem();
      return toQuarantineDetailJson(item, maySeeLinks(request.actor));
    },
  );

  api.post(
    '/api/v1/quarantine/:id/retry',
    {
      bodyLimit: maxCorrectionBytes,
      schema: {
        ...schema,
        summary: 'Sort an item again, perhaps with a corrected body',
        description: 'It leaves quarantine if all of it is a message now; 422 and no change otherwise.',
        response: answers(200, QuarantineRetry),
      },
      config: { right: 'operate', audit: 'quarantine.retried', documentedBody: QuarantineCorrection },
    },
    async (request): Promise<QuarantineRetry> => {
      const corrected = readCorrection(request.headers['content-type'], sentBody(request));
      if (corrected) demandWhole(request.actor);
      request.noteForAudit({ detail: { isCorrected: corrected !== undefined } });
      const { appended, duplicates } = await retryQuarantined(request.params.id, corrected);
      return { messages: appended, duplicates };
    },
  );

  api.delete(
    '/api/v1/quarantine/:id',
    {
      config: { right: 'operate', audit: 'quarantine.discarded' },
      schema: {
        ...schema,
        summary: 'Delete an item for good',
        response: otherAnswers({ 204: Type.Null({ description: 'It is gone.' }) }),
      },
    },
    async (request, reply) => {
      if (!(await quarantineWriter.discard(request.params.id))) throw unknownItem();
      return reply.code(204).send();
    },
  );
}

/** Whoever is shown links without their query would write back what no recording can be fetched by. */
function demandWhole(actor: Actor): void {
  if (maySeeLinks(actor)) return;
  throw new AppError(
    'right-missing',
    'Correcting an item needs the right to `download`: its links are not shown whole without.',
  );
}

function unknownItem(): AppError {
  return new AppError('quarantine-item-unknown', 'No item in quarantine has this id.');
}
