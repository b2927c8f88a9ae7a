import { Type } from 'typebox';
import { parametersOf } from '../../contract/page.js';
import { DeliveryCauses } from '../../contract/service.js';
import type { DeliveriesReader } from '../../store/deliveries.js';
import type { Api } from '../api.js';
import { toInstant } from '../instant.js';
import { answers } from './answers.js';

export interface CauseRoutesDeps {
  readonly deliveries: Pick<DeliveriesReader, 'causes'>;
}

/** Why deliveries died. */
export function addCauseRoutes(api: Api, { deliveries }: CauseRoutesDeps): void {
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
