import { Type } from 'typebox';
import { defaultLimit, parametersOf } from '../../contract/page.js';
import {
  type QuarantineChoice,
  QuarantineCorrection,
  QuarantineDetail,
  type QuarantineKindParameters,
  QuarantinePage,
  QuarantineParameters,
  QuarantineRetry,
} from '../../contract/quarantine.js';
import type { Actor } from '../../domain/rights.js';
import { AppError } from '../../domain/errors.js';
import type { QuarantineBody, QuarantineFilter, QuarantineItem } from '../../store/quarantine.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { QuarantineArea } from '../areas.js';
import { fromQuarantineCursor, toQuarantineCursor } from '../cursor.js';
import { maySeeLinks } from '../rights.js';
import { known, parseInstant, toInstant } from '../json-values.js';
import { sentBody } from '../request-body.js';
import type * as wire from '../../contract/quarantine.js';
import { hideLinksInBytes } from '../../protocol/link-display.js';
import { memberText } from '../../protocol/json-text.js';

/** A whole push of 64 MiB, in base64. */
const maxCorrectionBytes = 96 * 1024 * 1024;

const ItemId = Type.Object({ id: Type.String() });

export function addQuarantineRoutes(api: Api, deps: QuarantineArea): void {
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

/** A correction made from links without their query would hold links that fetch nothing. */
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

/** The filter that parameters or members name. Throws `parameter-invalid`. */
export function toQuarantineFilter({ reason, source, from, to }: QuarantineKindParameters): QuarantineFilter {
  return known({
    reason,
    source,
    from: from === undefined ? undefined : parseInstant('from', from),
    to: to === undefined ? undefined : parseInstant('to', to),
  });
}

/** The filter of an act on many items. Throws `body-invalid` where it chooses nothing, or everything and something. */
export function toChosen({ all, ...named }: QuarantineChoice): QuarantineFilter {
  const filter = toQuarantineFilter(named);
  if ((all === true) === Object.keys(filter).length > 0) {
    throw new AppError('body-invalid', 'Name `reason`, `source`, `from` or `to`, or else `all`.');
  }
  return filter;
}

function toQuarantineItemJson(item: QuarantineItem): wire.QuarantineItem {
  return {
    id: item.id,
    receivedAt: toInstant(item.receivedAt),
    source: item.source,
    reason: item.reason,
    bytes: item.bytes,
    preview: item.preview,
  };
}

/** Bytes that cannot be read may hold links: without the right to see those, none are shown. */
function toQuarantineDetailJson({ item, body }: QuarantineBody, showsLinks: boolean): wire.QuarantineDetail {
  const shown = showsLinks ? body : (hideLinksInBytes(body) ?? new Uint8Array());
  const base64 = Buffer.from(shown.buffer, shown.byteOffset, shown.byteLength).toString('base64');
  return { ...toQuarantineItemJson(item), body: base64 };
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/**
 * The corrected body that came along with a retry from quarantine, or undefined where none did.
 *
 * `{ "body": … }` holds it in base64, as the item's own `body` does. JSON that is written there by hand means
 * that JSON, so text that is no base64 and an object or array in place of a string are taken as written,
 * every digit of them. What has no `body` member, or was sent as bytes or plain text, is the corrected body
 * itself. Throws `body-invalid` where none of this fits.
 */
function readCorrection(contentType: string | undefined, sent: Buffer | undefined): Uint8Array | undefined {
  if (!sent || sent.length === 0) return undefined;
  if (/^\s*(application\/octet-stream|text\/plain)\b/i.test(contentType ?? '')) return sent;
  const text = sent.toString();
  const value = parseCorrection(text);
  if (typeof value !== 'object' || value === null) throw refuseCorrection();
  if (Array.isArray(value) || 'callId' in value) return sent;
  if (!('body' in value) || value.body === null) {
    if (Object.keys(value).some((name) => name !== 'body')) throw refuseCorrection();
    return undefined;
  }
  if (typeof value.body === 'string') return fromCorrectedText(value.body);
  if (typeof value.body === 'object') return Buffer.from(memberText(text, 'body') ?? '');
  throw refuseCorrection();
}

function fromCorrectedText(body: string): Uint8Array {
  if (base64.test(body)) return Buffer.from(body, 'base64');
  if (/^\s*[[{]/.test(body)) return Buffer.from(body);
  throw refuseCorrection();
}

function parseCorrection(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuseCorrection();
  }
}

function refuseCorrection(): AppError {
  return new AppError('body-invalid', 'Send nothing, or { "body": "…" } with the corrected body in base64.');
}
