import type { DeliveryCauses } from '../../../../../src/contract/service.ts';
import type { Client } from '../../../client.ts';

export type Cause = Pick<DeliveryCauses['items'][number], 'endpointId' | 'reason'>;

/** Requests under way at once: the server makes one delivery at a time anyway. */
const atOnce = 4;
const pageSize = 500;

/**
 * Sends again every dead delivery of one endpoint and cause that nobody replayed yet. Rejects at the first refusal;
 * what was replayed until then stays so.
 * @param onDone is called with how many have been replayed, after each.
 */
export async function replayCause(
  deliveries: Pick<Client['deliveries'], 'list' | 'replay'>,
  { endpointId, reason }: Cause,
  { signal, onDone }: { readonly signal: AbortSignal; readonly onDone: (count: number) => void },
): Promise<number> {
  let done = 0;
  let cursor: string | undefined;
  do {
    const more = cursor === undefined ? {} : { cursor };
    const page = await deliveries.list({ endpointId, state: 'dead', limit: pageSize, ...more });
    const due = page.items.filter((each) => each.reason === reason && each.replayedAs === undefined);
    const replayNext = async (): Promise<void> => {
      for (let next = due.shift(); next && !signal.aborted; next = due.shift()) {
        await deliveries.replay(next.id);
        onDone((done += 1));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, replayNext));
    cursor = page.nextCursor;
  } while (cursor !== undefined && !signal.aborted);
  return done;
}
