import {
  deliveryStates,
  type Delivery,
  type DeliveryState,
  type DeliveryVerdict,
} from '../../domain/delivery.js';
import type { OpenDelivery } from '../deliveries.js';
import { toEndpointId } from './endpoint-row.js';
import type { Row } from './row.js';
import { fromSeqRuns } from './seq-runs.js';

export function toDeliveryStateNumber(state: DeliveryState): number {
  return deliveryStates.indexOf(state);
}

export function deliveryStateOf(row: Row): DeliveryState {
  return deliveryStates[row['state'] as number] ?? 'pending';
}

/** Public ids of deliveries are `d` and a number that grows with time. */
export function toDeliveryId(id: number): string {
  return `d${id}`;
}

/** 0, which no row has, for anything that is no id. */
export function fromDeliveryId(id: string): number {
  return /^d[1-9]\d{0,14}$/.test(id) ? Number(id.slice(1)) : 0;
}

/** In `replayed_as` of a dead delivery that nobody will send again: it waits no more. No delivery has this id. */
export const acknowledgedDelivery = 0;

export function toDelivery(row: Row): Delivery {
  const delivery: Record<string, unknown> = {
    id: toDeliveryId(row['id'] as number),
    endpointId: toEndpointId(row['endpoint'] as number),
    state: deliveryStateOf(row),
    webhookId: row['webhook_id'],
    count: row['count'],
    firstSeq: row['first_seq'],
    lastSeq: row['last_seq'],
    attempts: row['attempts'],
    createdAt: row['created_at'],
  };
  if (row['next_attempt_at'] !== null) delivery['nextAttemptAt'] = row['next_attempt_at'];
  if (row['reason'] !== null) delivery['reason'] = row['reason'];
  if (row['delivered_at'] !== null) delivery['deliveredAt'] = row['delivered_at'];
  for (const [name, column] of references) {
    const id = row[column] as number | null;
    if (id !== null && id !== acknowledgedDelivery) delivery[name] = toDeliveryId(id);
  }
  if (row['replayed_as'] === acknowledgedDelivery) delivery['isAcknowledged'] = true;
  return delivery as unknown as Delivery;
}

const references = [
  ['halfOf', 'half_of'],
  ['replayOf', 'replay_of'],
  ['replayedAs', 'replayed_as'],
] as const;

export function toOpenDelivery(row: Row): OpenDelivery {
  return {
    id: toDeliveryId(row['id'] as number),
    webhookId: row['webhook_id'] as string,
    place: row['place'] as number,
    offset: row['place_offset'] as number,
    seqs: fromSeqRuns(row['seqs'] as string),
    attempts: row['attempts'] as number,
    nextAttemptAt: row['next_attempt_at'] as number,
  };
}

/** Whether the delivery stands as the verdict leaves it. Beside a kept attempt, that is a settlement that comes again. */
export function isSettledSo(row: Row, verdict: DeliveryVerdict): boolean {
  switch (verdict.kind) {
    case 'delivered':
    case 'dead':
      return row['state'] === toDeliveryStateNumber(verdict.kind);
    case 'halved':
      return row['reason'] === 'halved';
    case 'retry':
      return row['next_attempt_at'] === verdict.nextAttemptAt;
    case 'released':
      return true;
  }
}
