import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import {
  Replay,
  ReplayList,
  ReplayParameters,
  ReplayPreview,
  ReplayRequest,
} from '../../contract/replays.js';
import { AppError } from '../../domain/errors.js';
import type * as store from '../../store/replays.js';
import { answers, type Api, otherAnswers } from '../api.js';
import type { DeliveryArea } from '../areas.js';
import { readJsonObject, sentBody } from '../request-body.js';
import { whereItSends } from '../delivery-json.js';
import { readReplayRequest } from '../replay-request.js';
import { demand } from '../rights.js';
import { EndpointId, unknownEndpoint, whyDownload } from './endpoint-routes.js';
import { known, toInstant, toInstantWhereKnown } from '../json-values.js';

export function addReplayRoutes(api: Api, deps: DeliveryArea): void {
  addStart(api, deps);
  addReading(api, deps);
  addCancelling(api, deps);
}

function addStart(api: Api, deps: DeliveryArea): void {
  const { endpoints, replays, replaysWriter, journal } = deps;
  api.post(
    '/api/v1/endpoints/:id/replay',
    {
      schema: {
        tags: ['endpoints'],
        summary:
          'Send again: dead deliveries, all or of one cause, a window of time or seq, or what it never got',
        description:
          'Needs no body: all dead deliveries then. New deliveries with a fresh schedule are made by a job. Needs the right to `download`, too, unless it is a preview.',
        params: EndpointId,
        querystring: parametersOf({}),
        response: otherAnswers({ 200: asJson(ReplayPreview, '`preview`'), 202: asJson(Replay, 'The job.') }),
      },
      config: { right: 'operate', audit: 'endpoint.replayed', documentedBody: ReplayRequest },
    },
    async (request, reply): Promise<ReplayPreview | Replay> => {
      const { id } = request.params;
      const endpoint = await endpoints.get(id);
      if (!endpoint) throw unknownEndpoint();
      const body = readJsonObject(sentBody(request));
      const { selection, isPreview } = await readReplayRequest(body, endpoint.cursor, journal);
      if (isPreview) {
        request.noteForAudit(null);
        return selection.kind === 'dead'
          ? replays.countDead(id, selection)
          : deps.previewReplay(id, selection);
      }
      // Whatever it wants by now: among what was made for it earlier may be records.
      demand(request.actor, 'download', whyDownload);
      const replay = await replaysWriter.start(id, selection, deps.clock());
      if (!replay) throw unknownEndpoint();
      deps.onEndpointsChanged();
      request.noteForAudit({ detail: { ...whereItSends(endpoint), replay: replay.id, selection } });
      reply.code(202);
      return toJson(replay, deps);
    },
  );
}

function addReading(api: Api, deps: DeliveryArea): void {
  api.get(
    '/api/v1/replays',
    {
      config: { right: 'view' },
      schema: {
        tags: ['replays'],
        summary: 'List the replays of one endpoint, newest first',
        querystring: ReplayParameters,
        response: answers(200, ReplayList),
      },
    },
    async (request): Promise<ReplayList> => {
      const { endpointId } = request.query;
      const found = await deps.replays.list(endpointId);
      return { items: await Promise.all(found.map((replay) => toJson(replay, deps))) };
    },
  );

  api.get(
    '/api/v1/replays/:id',
    {
      config: { right: 'view' },
      schema: { ...schemaOfOne, summary: 'One replay and how far it is', response: answers(200, Replay) },
    },
    async (request): Promise<Replay> => {
      const replay = await deps.replays.get(request.params.id);
      if (!replay) throw unknownReplay();
      return toJson(replay, deps);
    },
  );
}

function addCancelling(api: Api, deps: DeliveryArea): void {
  api.post(
    '/api/v1/replays/:id/cancel',
    {
      config: { right: 'operate', audit: 'replay.cancelled' },
      schema: {
        ...schemaOfOne,
        summary: 'Make no more deliveries of it',
        description: 'Those that it has made stay on their way. One that has ended stays as it is.',
        response: answers(200, Replay),
      },
    },
    async (request): Promise<Replay> => {
      const replay = await deps.replaysWriter.cancel(request.params.id, deps.clock());
      if (!replay) throw unknownReplay();
      deps.onEndpointsChanged();
      return toJson(replay, deps);
    },
  );
}

const schemaOfOne = {
  tags: ['replays'],
  params: Type.Object({ id: Type.String() }),
  querystring: parametersOf({}),
};

async function toJson(replay: store.Replay, { replays }: Pick<DeliveryArea, 'replays'>): Promise<Replay> {
  const { endpointId, selection, state, end } = replay;
  if (selection.kind !== 'dead' || state !== 'running') return toReplayJson(replay, 0);
  const { deliveries } = await replays.countDead(endpointId, { reason: selection.reason, end });
  return toReplayJson(replay, deliveries);
}

function asJson(schema: typeof ReplayPreview | typeof Replay, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

function unknownReplay(): AppError {
  return new AppError('replay-unknown', 'No replay has this id.');
}

/**
 * A replay as the API shows it. Progress of a window is told in steps of the journal; that of dead deliveries in
 * deliveries, of which `leftDead` are still to be sent while it runs.
 */
function toReplayJson(replay: store.Replay, leftDead: number): Replay {
  const { selection, state } = replay;
  const window = selection.kind === 'window' ? selection : undefined;
  const reason = selection.kind === 'dead' ? selection.reason : undefined;
  return known({
    id: replay.id,
    endpointId: replay.endpointId,
    kind: window ? (window.missed ? ('missed' as const) : ('window' as const)) : ('dead' as const),
    reason,
    afterSeq: window?.afterSeq,
    untilSeq: window && replay.end,
    state,
    ...(window
      ? progressOfWindow(replay, window.afterSeq)
      : { done: replay.deliveries, total: replay.deliveries + (state === 'running' ? leftDead : 0) }),
    deliveries: replay.deliveries,
    messages: replay.messages,
    createdAt: toInstant(replay.createdAt),
    endedAt: toInstantWhereKnown(replay.endedAt),
  });
}

function progressOfWindow(
  { state, position, end }: store.Replay,
  afterSeq: number,
): { done: number; total: number } {
  const total = Math.max(0, end - afterSeq);
  return { done: state === 'done' ? total : Math.min(total, Math.max(0, position - afterSeq)), total };
}
