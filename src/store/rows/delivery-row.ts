import {
  type Delivery,
  type DeliveryAttempt,
  type DeliveryReason,
  type DeliveryState,
  deliveryStates,
  type DeliveryVerdict,
} from '../../domain/delivery.js';
import type { Outcome } from '../../domain/outcome.js';
import type { DeliveryCauses, OpenDelivery } from '../deliveries.js';
import { toEndpointId } from './endpoint-row.js';
import type { Columns, Row } from './row.js';

/** A row of `deliveries`. */
export interface DeliveryRow extends Row {
  readonly id: number;
  readonly endpoint: number;
  state: number;
  readonly place: number;
  readonly place_offset: number;
  readonly webhook_id: string;
  /** As `toSeqRuns` makes it. */
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

/**
 * Probes that found nobody are kept up to this many of a delivery: an endpoint that stays away for a year
 * must not fill the store with the same answer.
 */
export const keptProbes = 20;

/** What of an attempt nobody searches by, as JSON. */
export function toExchange({ timings, request, response }: DeliveryAttempt): string {
  return JSON.stringify({ timings, request, response });
}

export function toDeliveryAttempt(row: Row): DeliveryAttempt {
  return {
    at: row['at'] as number,
    outcome: row['outcome'] as Outcome,
    reason: row['reason'] as DeliveryReason,
    durationMs: row['duration_ms'] as number,
    isProbe: row['is_probe'] === 1,
    ...(row['status'] === null ? {} : { status: row['status'] as number }),
    ...(row['address'] === null ? {} : { address: row['address'] as string }),
    ...(JSON.parse(row['exchange'] as string) as Pick<DeliveryAttempt, 'timings' | 'request' | 'response'>),
  };
}

/** Dead deliveries that are looked at. */
export const lookedAt = 10_000;

type Cause = { -readonly [K in keyof DeliveryCauses['items'][number]]: DeliveryCauses['items'][number][K] };

/** Of dead deliveries, newest first, of which one more is there than is looked at where there are older ones. */
export function toCauses(rows: readonly Row[]): DeliveryCauses {
  const causes = new Map<string, Cause>();
  for (const row of rows.slice(0, lookedAt)) {
    const endpointId = toEndpointId(row['endpoint'] as number);
    const reason = (row['reason'] as string | null) ?? '';
    const key = `${endpointId} ${reason}`;
    const known = causes.get(key);
    if (known) {
      known.deliveries++;
      known.messages += row['count'] as number;
      continue;
    }
    causes.set(key, {
      ...{ endpointId, reason, deliveries: 1, messages: row['count'] as number },
      newestAt: row['created_at'] as number,
      newestId: toDeliveryId(row['id'] as number),
    });
  }
  const items = [...causes.values()].sort((a, b) => b.deliveries - a.deliveries);
  return { items, isPartial: rows.length > lookedAt };
}

/**
 * Numbers of messages as a delivery's row keeps them: runs of neighbours, `12-111,115`. Their order is that
 * in which they are pushed: a message that waited for its recording may come before a smaller one.
 */
export function toSeqRuns(seqs: readonly number[]): string {
  const runs: string[] = [];
  for (let index = 0; index < seqs.length;) {
    const first = seqs[index] ?? 0;
    let length = 1;
    while (seqs[index + length] === first + length) length++;
    runs.push(length === 1 ? `${first}` : `${first}-${first + length - 1}`);
    index += length;
  }
  return runs.join(',');
}

export function fromSeqRuns(text: string): number[] {
  const seqs: number[] = [];
  if (text === '') return seqs;
  for (const run of text.split(',')) {
    const [first = 0, last = first] = run.split('-').map(Number);
    for (let seq = first; seq <= last; seq++) seqs.push(seq);
  }
  return seqs;
}

/**
 * Which deliveries a message is in. A row for each message would be as many as the journal has, for every
 * endpoint; and from the first and last number of a delivery alone it cannot be told, because one message
 * that waited a week for its recording makes them lie far apart. So each delivery is noted once in every
 * stretch of the journal that it touches, with its first and last number, which rule out nearly all of the others:
 * an endpoint whose messages come slowly has a delivery for each.
 */
const stretchLength = 65_536;

export function toStretches(seqs: readonly number[]): Set<number> {
  const stretches = new Set<number>();
  for (const seq of seqs) stretches.add(stretchOf(seq));
  return stretches;
}

export function stretchOf(seq: number): number {
  return Math.floor(seq / stretchLength);
}
