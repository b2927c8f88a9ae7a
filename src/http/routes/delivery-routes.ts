import { Type } from 'typebox';
import { Delivery, DeliveryDetail, DeliveryPage, DeliveryParameters } from '../../contract/deliveries.js';
import { defaultLimit, parametersOf } from '../../contract/page.js';
import type { Clock } from '../../domain/clock.js';
import { AppError } from '../../domain/errors.js';
import type { DeliveriesReader } from '../../store/deliveries.js';
import type { EndpointsReader } from '../../store/endpoints.js';
import type { ReplaysWriter } from '../../store/replays.js';
import type { Api } from '../api.js';
import { fromDeliveryCursor, toDeliveryCursor } from '../cursor.js';
import { toDeliveryDetailJson, toDeliveryJson } from '../delivery-json.js';
import { hideLinksIn } from '../../protocol/link-display.js';
import { whereItSends } from '../endpoint-json.js';
import { known } from '../known.js';
import { demand } from '../required-rights.js';
import { answers } from './answers.js';
import { whyDownload } from './endpoint-routes.js';

export interface DeliveryRoutesDeps {
  readonly deliveries: Pick<DeliveriesReader, 'list' | 'get' | 'attempts' | 'seqs'>;
  readonly endpoints: Pick<EndpointsReader, 'get'>;
  readonly replaysWriter: Pick<ReplaysWriter, 'replayDelivery'>;
  /** A new `webhook-id`. */
  readonly makeWebhookId: () => string;
  readonly onEndpointsChanged: () => void;
  readonly clock: Clock;
}

export function addDeliveryRoutes(api: Api, deps: DeliveryRoutesDeps): void {
  const { deliveries, endpoints, replaysWriter, makeWebhookId, onEndpointsChanged, clock } = deps;
  const tags = ['deliveries'];
  const schemaOfOne = { tags, params: Type.Object({ id: Type.String() }), querystring: parametersOf({}) };

  api.get(
    '/api/v1/deliveries',
    {
      config: { right: 'view' },
      schema: {
        tags,
        summary: 'List deliveries, newest first',
        querystring: DeliveryParameters,
        response: answers(200, DeliveryPage),
      },
    },
    async (request): Promise<DeliveryPage> => {
      const { limit = defaultLimit, cursor, ...filters } = request.query;
      const after = cursor === undefined ? undefined : fromDeliveryCursor(cursor);
      const { items, next } = await deliveries.list(known({ ...filters, limit, after }));
      return known({
        items: items.map(toDeliveryJson),
        nextCursor: next === undefined ? undefined : toDeliveryCursor(next),
      });
    },
  );

  api.get(
    '/api/v1/deliveries/:id',
    {
      config: { right: 'view' },
      schema: {
        ...schemaOfOne,
        summary: 'One delivery, which messages are in it, and every attempt',
        response: answers(200, DeliveryDetail),
      },
    },
    async (request): Promise<DeliveryDetail> => {
      const { id } = request.params;
      const [delivery, seqs, attempts] = await Promise.all([
        deliveries.get(id),
        deliveries.seqs(id),
        deliveries.attempts(id),
      ]);
      if (!delivery) throw unknownDelivery();
      const detail = toDeliveryDetailJson(delivery, seqs, attempts);
      const mayOperate = request.actor.rights.includes('operate');
      return mayOperate ? detail : (hideLinksIn(detail) as DeliveryDetail);
    },
  );

  api.post(
    '/api/v1/deliveries/:id/replay',
    {
      config: { right: 'operate', audit: 'delivery.replayed' },
      schema: {
        ...schemaOfOne,
        summary: 'Send the same messages again, as a new delivery',
        description:
          'Needs no body, and the right to `download`, too. The old one stays as it is, with `replayedAs`. 409 while it is on its way.',
        response: answers(202, Delivery),
      },
    },
    async (request, reply): Promise<Delivery> => {
      demand(request.actor, 'download', whyDownload);
      const replayed = await replaysWriter.replayDelivery(request.params.id, makeWebhookId(), clock());
      if (replayed === 'unknown') throw unknownDelivery();
      if (replayed === 'pending') {
        throw new AppError('delivery-pending', 'The delivery is on its way already.');
      }
      const endpoint = await endpoints.get(replayed.endpointId);
      if (endpoint) {
        request.noteForAudit({ detail: { endpointId: endpoint.id, ...whereItSends(endpoint) } });
      }
      onEndpointsChanged();
      reply.code(202);
      return toDeliveryJson(replayed);
    },
  );
}

function unknownDelivery(): AppError {
  return new AppError('delivery-unknown', 'No delivery has this id.');
}
