import { queryOptions } from '@tanstack/react-query';
import type { CallDetail } from '../../../../src/contract/calls.ts';
import type { Delivery } from '../../../../src/contract/deliveries.ts';
import type { Client } from '../../client.ts';

/** The API has no way from a message to its deliveries: the newest are looked through, so many and no more. */
const lookedAt = 500;
const maxShown = 20;

export interface CallDeliveries {
  readonly items: readonly Delivery[];
  /** Deliveries of the time of the call were not looked at. */
  readonly isPartial: boolean;
}

export function deliveriesQuery(client: Client, call: CallDetail) {
  const seqs = call.messages.map(({ seq }) => seq);
  return queryOptions({
    queryKey: ['call', call.callId, 'deliveries', seqs],
    queryFn: async (): Promise<CallDeliveries> => {
      const { items, nextCursor } = await client.deliveries.list({ limit: lookedAt });
      const around = items.filter(({ firstSeq, lastSeq }) =>
        seqs.some((seq) => seq >= firstSeq && seq <= lastSeq),
      );
      const details = await Promise.all(around.slice(0, maxShown).map(({ id }) => client.deliveries.get(id)));
      const oldest = items.at(-1)?.createdAt ?? '';
      return {
        items: details.filter((delivery) => delivery.seqs.some((seq) => seqs.includes(seq))),
        isPartial: around.length > maxShown || (nextCursor !== undefined && oldest > call.firstReceivedAt),
      };
    },
    staleTime: 10_000,
  });
}
