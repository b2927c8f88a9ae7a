import { Type } from 'typebox';
import { AcknowledgementRequest } from '../../contract/acknowledgements.js';
import { Delivery, DeliveryDetail, DeliveryPage, DeliveryParameters } from '../../contract/deliveries.js';
import { defaultLimit, parametersOf } from '../../contract/page.js';
import { AppError } from '../../domain/errors.js';
import type { Acknowledgements } from '../../store/reviews.js';
import type * as domain from '../../domain/delivery.js';
import { readAcknowledgement, withAcknowledgements } from '../acknowledged.js';
import { answers, type Api } from '../api.js';
import type { DeliveryArea } from '../areas.js';
import { fromDeliveryCursor, toDeliveryCursor } from '../cursor.js';
import { toDeliveryDetailJson, toDeliveryJson, whereItSends } from '../delivery-json.js';
import { hideLinksIn } from '../../protocol/link-display.js';
import { known, toInstant } from '../json-values.js';
import { demand } from '../rights.js';
import { whyDownload } from './endpoint-routes.js';
import { DeliveryCauses } from '../../contract/service.js';

const tags = ['deliveries'];
const schemaOfOne = { tags, params: Type.Object({ id: Type.String() }), querystring: parametersOf({}) };

export function addDeliveryRoutes(api: Api, deps: DeliveryArea): void {
  addDeliveryLists(api, deps);
  addReplayOfOne(api, deps);
  addAcknowledging(api, deps);
}

function addDeliveryLists(api: Api, { deliveries, acknowledgements }: DeliveryArea): void {
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
      const { limit = defaultLimit, cursor, waiting, ...filters } = request.query;
      const after = cursor === undefined ? undefined : fromDeliveryCursor(cursor);
      const { items, next } = await deliveries.list(
        known({ ...filters, limit, after, isWaiting: waiting && true }),
      );
      return known({
        items: await toListed(items, acknowledgements),
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
      const [listed] = await toListed([delivery], acknowledgements);
      const detail = { ...toDeliveryDetailJson(delivery, seqs, attempts), ...listed };
      const mayOperate = request.actor.rights.includes('operate');
      return mayOperate ? detail : (hideLinksIn(detail) as DeliveryDetail);
    },
  );
}

function addReplayOfOne(api: Api, deps: DeliveryArea): void {
  const { endpoints, replaysWriter, makeWebhookId, onEndpointsChanged, clock } = deps;
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

function addAcknowledging(api: Api, { deliveries, acknowledgements, clock }: DeliveryArea): void {
  api.post(
    '/api/v1/deliveries/:id/acknowledge',
    {
      config: {
        right: 'operate',
        audit: 'delivery.acknowledged',
        documentedBody: AcknowledgementRequest,
      },
      schema: {
        ...schemaOfOne,
        summary: 'Say that a dead delivery will not be sent again, and why',
        description:
          'It stays dead and counts nowhere any more; a replay of the dead ones leaves it out, and with it the dead parts of a halved one. ' +
          'It can still be replayed by itself. 409 for one that is not dead, or was replayed.',
        response: answers(200, Delivery),
      },
    },
    async (request): Promise<Delivery> => {
      const { id } = request.params;
      const acknowledgement = readAcknowledgement(request, clock());
      const answer = await acknowledgements.acknowledgeDelivery(id, acknowledgement);
      if (answer === 'other-state') {
        throw new AppError(
          'delivery-not-waiting',
          'Only a dead delivery that nobody has replayed can be acknowledged.',
        );
      }
      const delivery = answer === 'unknown' ? undefined : await deliveries.get(id);
      const [listed] = delivery ? await toListed([delivery], acknowledgements) : [];
      if (!listed) throw unknownDelivery();
      request.noteForAudit({ detail: { reason: acknowledgement.reason } });
      return listed;
    },
  );
}

async function toListed(
  deliveries: readonly domain.Delivery[],
  { ofDeliveries }: Pick<Acknowledgements, 'ofDeliveries'>,
): Promise<Delivery[]> {
  const acknowledged = deliveries.filter(({ isAcknowledged }) => isAcknowledged);
  const said = await ofDeliveries(acknowledged.map(({ id }) => id));
  return withAcknowledgements(deliveries.map(toDeliveryJson), said);
}

function unknownDelivery(): AppError {
  return new AppError('delivery-unknown', 'No delivery has this id.');
}

/** Why deliveries died. */
export function addCauseRoutes(api: Api, { deliveries }: DeliveryArea): void {
  api.get(
    '/api/v1/deliveries/causes',
    {
      config: { right: 'view' },
      schema: {
        tags: ['deliveries'],
        summary: 'Dead deliveries that nobody replayed, by endpoint and cause, most first',
        querystring: parametersOf({ endpointId: Type.Optional(Type.String()) }),
        response: answers(200, DeliveryCauses),
      },
    },
    async (request): Promise<DeliveryCauses> => {
      const { items, isPartial } = await deliveries.causes(request.query.endpointId);
      return { items: items.map((cause) => ({ ...cause, newestAt: toInstant(cause.newestAt) })), isPartial };
    },
  );
}
