import type { DeliveryCauses } from '../../../../../src/contract/service.ts';
import type { Client } from '../../../client.ts';

/** Most that one answer holds. */
const pageSize = 500;

/** Acknowledges everything that waits at the endpoint and died of this cause, one after the other. */
export async function acknowledgeCause(
  client: Pick<Client['deliveries'], 'list' | 'acknowledge'>,
  { endpointId, reason: cause }: Pick<DeliveryCauses['items'][number], 'endpointId' | 'reason'>,
  reason: string,
): Promise<void> {
  for (let cursor: string | undefined; ;) {
    const page = await client.list({
      ...{ endpointId, waiting: 'yes', limit: pageSize },
      ...(cursor !== undefined && { cursor }),
    });
    for (const { id, reason: died } of page.items) {
      if (died === cause) await client.acknowledge(id, { reason });
    }
    cursor = page.nextCursor;
    if (cursor === undefined) return;
  }
}
