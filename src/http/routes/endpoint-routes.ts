import { Type } from 'typebox';
import { EndpointChange, EndpointCreation } from '../../contract/endpoint-settings.js';
import { Endpoint, EndpointDetail, EndpointPage, EndpointParameters } from '../../contract/endpoints.js';
import { parametersOf } from '../../contract/page.js';
import type { Actor } from '../../domain/rights.js';
import type * as domain from '../../domain/endpoint.js';
import { getsAudio, handsOutAudio } from '../../domain/endpoint-rules.js';
import { AppError } from '../../domain/errors.js';
import type { CheckTarget } from '../../net/target-check.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { DeliveryArea } from '../areas.js';
import { fromEndpointCursor, toEndpointCursor } from '../cursor.js';
import { readChange, readCreation } from '../endpoint-input.js';
import { toEndpointDetailJson, toEndpointJson, whereItSends, withoutSecrets } from '../delivery-json.js';
import { readJsonObject, sentBody } from '../request-body.js';
import { known } from '../json-values.js';
import { demand } from '../rights.js';

export const EndpointId = Type.Object({ id: Type.String() });

export function unknownEndpoint(): AppError {
  return new AppError('endpoint-unknown', 'No endpoint has this id.');
}

/** One endpoint alone, with its secrets. */
export async function describeEndpoint(
  endpoint: domain.Endpoint,
  { endpoints, journal, clock }: Pick<DeliveryArea, 'endpoints' | 'clock' | 'journal'>,
): Promise<EndpointDetail> {
  const [lastSeq, tally] = await Promise.all([journal.lastSeq(), endpoints.tally(endpoint.id)]);
  return toEndpointDetailJson(endpoint, lastSeq, tally, clock());
}

const tags = ['endpoints'];
const schemaOfOne = { tags, params: EndpointId, querystring: parametersOf({}) };

export function addEndpointRoutes(api: Api, deps: DeliveryArea): void {
  addReading(api, deps);
  addCreation(api, deps);
  addChange(api, deps);
}

function addReading(api: Api, deps: DeliveryArea): void {
  const { endpoints, journal } = deps;

  api.get(
    '/api/v1/endpoints',
    {
      config: { right: 'view' },
      schema: {
        tags,
        summary: 'List endpoints, the oldest first; all of them unless limit is given',
        querystring: EndpointParameters,
        response: answers(200, EndpointPage),
      },
    },
    async (request): Promise<EndpointPage> => {
      const { limit, cursor } = request.query;
      const after = cursor === undefined ? undefined : fromEndpointCursor(cursor);
      const [all, lastSeq] = await Promise.all([endpoints.list(), journal.lastSeq()]);
      const begin = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
      const page = all.slice(begin, limit === undefined ? undefined : begin + limit);
      const last = page.at(-1);
      return known({
        items: page.map((endpoint) => {
          const json = toEndpointJson(endpoint, lastSeq);
          return mayOperate(request.actor) ? json : withoutSecrets(json);
        }),
        nextCursor: last && last !== all.at(-1) ? toEndpointCursor(last.id) : undefined,
      });
    },
  );

  api.get(
    '/api/v1/endpoints/:id',
    {
      config: { right: 'view' },
      schema: {
        ...schemaOfOne,
        summary: 'One endpoint, its signing secrets for those who operate, and how its deliveries stand',
        response: answers(200, EndpointDetail),
      },
    },
    async (request): Promise<EndpointDetail> => {
      const endpoint = await endpoints.get(request.params.id);
      if (!endpoint) throw unknownEndpoint();
      const json = await describeEndpoint(endpoint, deps);
      return mayOperate(request.actor) ? json : withoutSecrets(json);
    },
  );
}

export const whyDownload = 'Whoever receives call records receives their links, and so the audio.';

function mayOperate({ rights }: Actor): boolean {
  return rights.includes('operate');
}

function addCreation(api: Api, deps: DeliveryArea): void {
  api.post(
    '/api/v1/endpoints',
    {
      schema: {
        tags,
        summary: 'Create an endpoint; only url is required',
        description:
          'One that gets call records needs the right to `download`, too: their links are the audio.',
        querystring: parametersOf({}),
        response: answers(201, EndpointDetail),
      },
      config: { right: 'operate', audit: 'endpoint.created', documentedBody: EndpointCreation },
    },
    async (request, reply) => {
      const body = readJsonObject(sentBody(request));
      const now = deps.clock();
      const { settings, start } = readCreation(body, now);
      if (getsAudio(settings)) demand(request.actor, 'download', whyDownload);
      await refuseForbidden(settings.url, deps.checkTarget);
      const endpoint = await deps.endpointsWriter.create({
        settings,
        start,
        secret: deps.makeWebhookSecret(),
        now,
      });
      deps.onEndpointsChanged();
      request.noteForAudit({
        subject: { kind: 'endpoint', id: endpoint.id },
        detail: { ...whereItSends(endpoint), settings: Object.keys(body) },
      });
      reply.code(201).header('location', `/api/v1/endpoints/${encodeURIComponent(endpoint.id)}`);
      return reply.send(await describeEndpoint(endpoint, deps));
    },
  );
}

function addChange(api: Api, deps: DeliveryArea): void {
  // Settings are read, merged and written back whole: of two changes at once, one would be undone by the other.
  const inTurn = createTurns();

  api.patch(
    '/api/v1/endpoints/:id',
    {
      schema: {
        ...schemaOfOne,
        summary: 'Change what is named; it applies at once',
        description:
          'From `when: archived` to `received`, what was held until its recording is safe is sent by a replay. With another origin, `auth` and `headers` are said again where there are any. Where call records go, and which, is changed by those who may `download`.',
        response: answers(200, Endpoint),
      },
      config: { right: 'operate', audit: 'endpoint.changed', documentedBody: EndpointChange },
    },
    async (request): Promise<Endpoint> => {
      const body = readJsonObject(sentBody(request));
      const { before, after } = await inTurn(() => change(request.params.id, body, request.actor, deps));
      const [was, is] = [whereItSends(before), whereItSends(after)];
      // Which, and not what: among them are the headers and the password of its receiver.
      request.noteForAudit({
        detail: {
          ...is,
          settings: Object.keys(body),
          ...(JSON.stringify(was) === JSON.stringify(is) ? {} : { before: was }),
        },
      });
      deps.onEndpointsChanged();
      return toEndpointJson(after, await deps.journal.lastSeq());
    },
  );

  api.delete(
    '/api/v1/endpoints/:id',
    {
      config: { right: 'operate', audit: 'endpoint.removed' },
      schema: {
        ...schemaOfOne,
        summary: 'Remove an endpoint; its deliveries go with it',
        response: otherAnswers({
          204: Type.Null({ description: 'It is gone; nothing is sent to it any more.' }),
        }),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const endpoint = await deps.endpoints.get(id);
      if (!endpoint || !(await deps.endpointsWriter.remove(id))) throw unknownEndpoint();
      request.noteForAudit({ detail: whereItSends(endpoint) });
      deps.onEndpointsChanged();
      return reply.code(204).send();
    },
  );
}

async function change(
  id: string,
  body: Readonly<Record<string, unknown>>,
  actor: Actor,
  deps: DeliveryArea,
): Promise<{ before: domain.Endpoint; after: domain.Endpoint }> {
  const { endpoints, endpointsWriter, checkTarget } = deps;
  const before = await endpoints.get(id);
  if (!before) throw unknownEndpoint();
  const settings = readChange(body, before.settings);
  if (handsOutAudio(before.settings, settings)) demand(actor, 'download', whyDownload);
  if ('url' in body) await refuseForbidden(settings.url, checkTarget);
  const after = await endpointsWriter.change(id, { settings });
  if (!after) throw unknownEndpoint();
  if (before.settings.when === 'archived' && settings.when === 'received') await sendWhatWasHeld(after, deps);
  return { before, after };
}

/**
 * Records that were held until their recording is safe have been passed by, and their later events are of no interest
 * any more: they are sent by a replay of what the endpoint never got.
 */
async function sendWhatWasHeld(
  { id, start, cursor, createdAt }: domain.Endpoint,
  { journal, replaysWriter, clock }: DeliveryArea,
): Promise<void> {
  const startedAt = start === 'now' ? createdAt : start === 'beginning' ? undefined : start.at;
  const first = startedAt === undefined ? 1 : await journal.seqAt(startedAt);
  if (first > cursor) return;
  const selection = { kind: 'window', afterSeq: first - 1, untilSeq: cursor, missed: true } as const;
  await replaysWriter.start(id, selection, clock());
}

/** Throws `endpoint-forbidden`; a name that has no address now is looked at again when it is connected to. */
async function refuseForbidden(url: string, checkTarget: CheckTarget): Promise<void> {
  switch (await checkTarget(url)) {
    case 'allowed':
    case 'unresolved':
      return;
    case 'forbidden':
      throw new AppError('endpoint-forbidden', '`url` leads to an address that nothing is pushed to.');
    case 'unreadable':
      throw new AppError('endpoint-invalid', '`url` is not written plainly.');
  }
}

/** Runs pieces of work one after the other, in the order of asking; one that fails holds up none behind it. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
