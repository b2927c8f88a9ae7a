import type {
  Delivery,
  DeliveryAttempt,
  DeliveryState,
  DeliveryVerdict,
  NewDelivery,
} from '../domain/delivery.js';
import type { Endpoint, EndpointHealth } from '../domain/endpoint.js';

export interface DeliveryQuery {
  readonly endpointId?: string;
  readonly state?: DeliveryState;
  /** Only dead ones that nobody replayed or acknowledged, without halved ones. Not beside `seq`. */
  readonly isWaiting?: boolean;
  /** Those that hold this message of the journal: halved ones, their halves and replays among them. */
  readonly seq?: number;
  readonly limit: number;
  /** Newest first: those older than this id. */
  readonly after?: string;
}

export interface DeliveriesReader {
  list(query: DeliveryQuery): Promise<{ items: Delivery[]; next?: string }>;
  get(id: string): Promise<Delivery | undefined>;
  /** Oldest first. Of probes that found nobody only the latest twenty are kept. */
  attempts(id: string): Promise<DeliveryAttempt[]>;
  /** In the order in which they are pushed. */
  seqs(id: string): Promise<number[]>;
  /** Of the endpoint's deliveries that wait to be sent, the first in order. */
  open(endpointId: string, limit: number): Promise<OpenDelivery[]>;
  /** Those of `seqs` that are in a pending or delivered delivery of the endpoint; a halved one is what its halves are. */
  covered(endpointId: string, seqs: readonly number[]): Promise<number[]>;
  /** Dead deliveries that nobody replayed or acknowledged, by endpoint and cause, most first. Looks at the newest 10,000 at most. */
  causes(endpointId?: string): Promise<DeliveryCauses>;
}

export interface DeliveryCauses {
  readonly items: readonly {
    readonly endpointId: string;
    readonly reason: string;
    readonly deliveries: number;
    readonly messages: number;
    /** When it was cut. */
    readonly newestAt: number;
    readonly newestId: string;
  }[];
  /** Older ones were not looked at. */
  readonly isPartial: boolean;
}

/** A pending delivery as whoever sends it needs it. Order within an endpoint: by `place`, then by `offset`. */
export interface OpenDelivery {
  readonly id: string;
  readonly webhookId: string;
  readonly place: number;
  /** Where a half begins in the delivery that was cut; 0 for a whole one. */
  readonly offset: number;
  readonly seqs: readonly number[];
  /** Attempts that count in the schedule. */
  readonly attempts: number;
  readonly nextAttemptAt: number;
}

/** An endpoint is served by one process at a time, which keeps its order; a late one is refused by its generation. */
export interface EndpointLease {
  readonly endpointId: string;
  readonly generation: number;
}

export interface Cut {
  readonly lease: EndpointLease;
  /** Where the cursor must still stand, and where it goes. */
  readonly from: number;
  readonly to: number;
  /** May be empty: nothing in between was for this endpoint. */
  readonly batches: readonly NewDelivery[];
  readonly now: number;
}

export interface DeliverySettlement {
  readonly lease: EndpointLease;
  readonly deliveryId: string;
  readonly attempt: DeliveryAttempt;
  readonly verdict: DeliveryVerdict;
  /** As it stands after this attempt. */
  readonly health: EndpointHealth;
  readonly now: number;
}

/** One step of a replay, cut like any other batch; see replays.ts. */
export interface ReplayStep {
  readonly lease: EndpointLease;
  readonly replayId: string;
  /** How far it has come: a seq, or the number of a dead delivery. */
  readonly position: number;
  readonly batches: readonly NewDelivery[];
  /** Of `dead` replays: what each batch repeats, beside `batches`. */
  readonly repeats: readonly string[];
  readonly isDone: boolean;
  readonly now: number;
}

/** The dispatcher's side of deliveries: work under leases on endpoints. */
export interface Dispatch {
  /** Atomic: endpoints that nobody serves become ours. Expired leases are free. Paused ones are served too. */
  acquire(request: {
    now: number;
    until: number;
    limit: number;
  }): Promise<{ endpoint: Endpoint; lease: EndpointLease }[]>;
  /** Extends the leases that are still ours and returns their endpoints as they are now: changes arrive this way. */
  renew(
    leases: readonly EndpointLease[],
    until: number,
  ): Promise<{ endpoint: Endpoint; lease: EndpointLease }[]>;
  release(leases: readonly EndpointLease[]): Promise<void>;
  /** How many endpoints there are, and how many of them nobody serves. */
  count(now: number): Promise<{ endpoints: number; free: number }>;
  /**
   * Atomic, all of them: deliveries and cursors together, of any number of endpoints, so that they share one fsync.
   * Undefined for each whose lease is not ours any more, or whose cursor stands elsewhere.
   */
  cut(cuts: readonly Cut[]): Promise<(OpenDelivery[] | undefined)[]>;
  /**
   * Atomic, all of them: states, attempts, halves and health. Settling the same attempt again changes nothing and is
   * true again. False for each whose lease was not ours any more, or whose delivery waits for no attempt.
   */
  settle(settlements: readonly DeliverySettlement[]): Promise<boolean[]>;
  /**
   * Atomic: deliveries and the replay's progress. A dead delivery that was replayed by hand meanwhile is left out.
   * Undefined: the lease is not ours, the replay does not run (any more), or it stands at that position already.
   */
  cutReplay(step: ReplayStep): Promise<OpenDelivery[] | undefined>;
}
