import { queryOptions } from '@tanstack/react-query';
import type { CallDetail } from '../../../../src/contract/calls.ts';
import type { Delivery } from '../../../../src/contract/deliveries.ts';
import type { Client } from '../../client.ts';

/** One message is in a delivery for each endpoint, and in each replay of that. */
const shownOfEach = 200;

/** The deliveries that hold the call's messages and events; of a halved one, what came of its halves. */
export function deliveriesQuery(client: Client, call: CallDetail) {
  const seqs = call.messages.map(({ seq }) => seq);
  return queryOptions({
    queryKey: ['call', call.callId, 'deliveries', seqs],
    queryFn: async (): Promise<readonly Delivery[]> => {
      const pages = await Promise.all(seqs.map((seq) => client.deliveries.list({ seq, limit: shownOfEach })));
      const found = pages.flatMap(({ items }) => items).filter(({ reason }) => reason !== 'halved');
      return [...new Map(found.map((delivery) => [delivery.id, delivery])).values()];
    },
    staleTime: 10_000,
  });
}
