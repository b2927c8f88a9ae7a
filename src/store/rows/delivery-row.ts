import {
  deliveryStates,
  type Delivery,
  type DeliveryState,
  type DeliveryVerdict,
} from '../../domain/delivery.js';
import type { OpenDelivery } from '../deliveries.js';
import { toEndpointId } from './endpoint-row.js';
import type { Columns, Row } from './row.js';
import { fromSeqRuns } from './seq-runs.js';

/** A row of `deliveries`. */
export interface DeliveryRow extends Row {
  readonly id: number;
  readonly endpoint: number;
  state: number;
  readonly place: number;
  readonly place_offset: number;
  readonly webhook_id: string;
  /** See seq-runs.ts. */
  readonly seqs: string;
  readonly count: number;
  readonly first_seq: number;
  readonly last_seq: number;
  attempts: number;
  next_attempt_at: number | null;
  reason: string | null;
  readonly created_at: number;
  delivered_at: number | null;
  readonly half_of: number | null;
  readonly replay_of: number | null;
  readonly replayed_as: number | null;
}

/** A row before it has its id. `place` is null where it will be that. */
export interface NewDeliveryRow extends Row {
  /** What `seqs` says, as numbers. */
  readonly messages: readonly number[];
  readonly endpoint: number;
  readonly state: number;
  readonly place: number | null;
  readonly place_offset: number;
  readonly webhook_id: string;
  readonly seqs: string;
  readonly count: number;
  readonly first_seq: number;
  readonly last_seq: number;
  readonly next_attempt_at: number;
  readonly created_at: number;
  readonly half_of: number | null;
  readonly replay_of: number | null;
}

/** Those of a new row, in the order in which they are written. */
export const newDeliveryColumns = {
  endpoint: 'bigint',
  state: 'smallint',
  place: 'bigint',
  place_offset: 'integer',
  webhook_id: 'text',
  seqs: 'text',
  count: 'integer',
  first_seq: 'bigint',
  last_seq: 'bigint',
  next_attempt_at: 'bigint',
  created_at: 'bigint',
  half_of: 'bigint',
  replay_of: 'bigint',
} as const satisfies Columns;

/** What a settlement changes. */
export const settledColumns = {
  id: 'bigint',
  state: 'smallint',
  attempts: 'integer',
  reason: 'text',
  next_attempt_at: 'bigint',
  delivered_at: 'bigint',
} as const satisfies Columns;

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
  const told = row as DeliveryRow;
  const delivery: Record<string, unknown> = {
    id: toDeliveryId(told.id),
    endpointId: toEndpointId(told.endpoint),
    state: deliveryStateOf(row),
    webhookId: told.webhook_id,
    count: told.count,
    firstSeq: told.first_seq,
    lastSeq: told.last_seq,
    attempts: told.attempts,
    createdAt: told.created_at,
  };
  if (told.next_attempt_at !== null) delivery['nextAttemptAt'] = told.next_attempt_at;
  if (told.reason !== null) delivery['reason'] = told.reason;
  if (told.delivered_at !== null) delivery['deliveredAt'] = told.delivered_at;
  for (const [name, column] of references) {
    const id = told[column];
    if (id !== null && id !== acknowledgedDelivery) delivery[name] = toDeliveryId(id);
  }
  if (told.replayed_as === acknowledgedDelivery) delivery['isAcknowledged'] = true;
  return delivery as unknown as Delivery;
}

const references = [
  ['halfOf', 'half_of'],
  ['replayOf', 'replay_of'],
  ['replayedAs', 'replayed_as'],
] as const;

export function toOpenDelivery(row: Row): OpenDelivery {
  const told = row as DeliveryRow;
  return {
    id: toDeliveryId(told.id),
    webhookId: told.webhook_id,
    place: told.place,
    offset: told.place_offset,
    seqs: fromSeqRuns(told.seqs),
    attempts: told.attempts,
    nextAttemptAt: told.next_attempt_at as number,
  };
}

/** Whether the delivery stands as the verdict leaves it. Beside a kept attempt, that is a settlement that comes again. */
export function isSettledSo(row: DeliveryRow, verdict: DeliveryVerdict): boolean {
  switch (verdict.kind) {
    case 'delivered':
    case 'dead':
      return row.state === toDeliveryStateNumber(verdict.kind);
    case 'halved':
      return row.reason === 'halved';
    case 'retry':
      return row.next_attempt_at === verdict.nextAttemptAt;
    case 'released':
      return true;
  }
}
