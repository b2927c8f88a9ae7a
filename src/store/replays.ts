import type { Delivery, DeliveryReason } from '../domain/delivery.js';

/**
 * What is sent again: dead deliveries, all or those that died of one reason, or messages of a stretch of the journal that
 * the endpoint wants.
 */
export type ReplaySelection =
  | { readonly kind: 'dead'; readonly reason?: DeliveryReason }
  /** Entries with afterSeq < seq ≤ untilSeq; `missed`: only what is in no pending or delivered delivery of the endpoint. */
  | {
      readonly kind: 'window';
      readonly afterSeq: number;
      readonly untilSeq: number;
      readonly missed: boolean;
    };

export const replayStates = ['running', 'done', 'cancelled'] as const;
export type ReplayState = (typeof replayStates)[number];

/** A job: its deliveries are cut as the endpoint takes them, so that a dead endpoint costs no rows here either. */
export interface Replay {
  readonly id: string;
  readonly endpointId: string;
  readonly selection: ReplaySelection;
  readonly state: ReplayState;
  /** How far it has come and where it ends: seqs of a window, numbers of dead deliveries. */
  readonly position: number;
  readonly end: number;
  /** Deliveries and messages that it has made so far. */
  readonly deliveries: number;
  readonly messages: number;
  readonly createdAt: number;
  readonly endedAt?: number;
}

/** Which dead deliveries are counted: all, those that died of one reason, those up to the `end` of a replay. */
export interface DeadOnes {
  readonly reason?: DeliveryReason | undefined;
  readonly end?: number;
}

export interface ReplaysWriter {
  /**
   * A window ends at the endpoint's cursor: what lies beyond is on its way by itself. One that holds nothing is
   * done at once. Undefined: no such endpoint.
   */
  start(endpointId: string, selection: ReplaySelection, now: number): Promise<Replay | undefined>;
  /** Undefined: no such replay. What it has cut already stays on its way. One that has ended stays as it is. */
  cancel(id: string, now: number): Promise<Replay | undefined>;
  /** Atomic: a new delivery with the same messages, behind those that wait; the dead parts of a halved one count as replayed with it. `pending`: it is on its way already. */
  replayDelivery(id: string, webhookId: string, now: number): Promise<Delivery | 'pending' | 'unknown'>;
}

export interface ReplaysReader {
  get(id: string): Promise<Replay | undefined>;
  /** Newest first. */
  list(endpointId: string): Promise<Replay[]>;
  /** The oldest that runs. */
  running(endpointId: string): Promise<Replay | undefined>;
  /**
   * Dead deliveries with an id beyond `position` and up to `end` that nobody has replayed, in order; with a reason
   * only those that died of it, which it stays.
   */
  deadDeliveries(
    endpointId: string,
    position: number,
    end: number,
    limit: number,
    reason?: DeliveryReason,
  ): Promise<{ id: string; seqs: number[] }[]>;
  /** How many deliveries and messages a `dead` replay would send now, or has still to send up to its `end`. */
  countDead(endpointId: string, of?: DeadOnes): Promise<{ deliveries: number; messages: number }>;
}
