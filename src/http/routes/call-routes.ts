import { Type } from 'typebox';
import { CallDetail, CallPage, CallParameters, type CallCountParameters } from '../../contract/calls.js';
import { defaultLimit, parametersOf } from '../../contract/page.js';
import { AppError } from '../../domain/errors.js';
import type { CallQuery } from '../../store/calls.js';
import { answers, type Api, jsonMediaType } from '../api.js';
import type { CallArea } from '../areas.js';
import { toCallJson } from '../call-json.js';
import { fromCallCursor, toCallCursor } from '../cursor.js';
import { withEntries } from '../entry-json.js';
import { maySeeLinks } from '../rights.js';
import { known, parseInstant } from '../json-values.js';

export function addCallRoutes(api: Api, deps: CallArea): void {
  const { calls, journal, links } = deps;
  const tags = ['calls'];

  api.get(
    '/api/v1/calls',
    {
      config: { right: 'view' },
      schema: {
        tags,
        summary: 'Find calls, newest first',
        querystring: CallParameters,
        response: answers(200, CallPage),
      },
    },
    async (request): Promise<CallPage> => {
      const { items, next } = await calls.search(toQuery(request.query));
      const tagsOf = await deps.tags.ofCalls(items.map(({ callId }) => callId));
      return known({
        items: items.map((call) => toCallJson(call, tagsOf.get(call.callId))),
        nextCursor: next && toCallCursor(next),
      });
    },
  );

  api.get(
    '/api/v1/calls/:callId',
    {
      config: { right: 'view', audit: 'call.viewed' },
      schema: {
        tags,
        summary: 'One call, its messages as received, its recordings',
        params: Type.Object({ callId: Type.String({ description: 'Percent-encoded.' }) }),
        querystring: parametersOf({}),
        response: answers(200, CallDetail),
      },
    },
    async (request, reply) => {
      const { callId } = request.params;
      const [call, messages, tagsOf] = await Promise.all([
        calls.get(callId),
        journal.ofCall(callId),
        deps.tags.ofCalls([callId]),
      ]);
      if (!call) throw unknownCall();
      const mintLink = await links.minter();
      const view = { mintLink, hidesLinks: !maySeeLinks(request.actor) };
      const json = toCallJson(call, tagsOf.get(callId));
      return reply.type(jsonMediaType).send(await withEntries(json, 'messages', messages, view));
    },
  );
}

export function unknownCall(): AppError {
  return new AppError('call-unknown', 'No call with this callId is known.');
}

/** Throws `parameter-invalid` or `cursor-invalid`. */
function toQuery({ limit, cursor, ...filters }: CallParameters): CallQuery {
  return known({
    ...toSelection(filters),
    limit: limit ?? defaultLimit,
    after: cursor === undefined ? undefined : fromCallCursor(cursor),
  });
}

/** Filters as calls are searched for. Throws `parameter-invalid` for a time that cannot be read. */
export function toSelection({
  from,
  to,
  ...filters
}: CallCountParameters): Omit<CallQuery, 'limit' | 'after'> {
  return known({
    ...filters,
    from: from === undefined ? undefined : parseInstant('from', from),
    to: to === undefined ? undefined : parseInstant('to', to),
  });
}
