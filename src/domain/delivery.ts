import type { Outcome } from './outcome.js';

/**
 * A delivery is one batch of messages on its way to one endpoint.
 *
 *   pending ──▶ delivered           the receiver acknowledged it; final
 *      └──────▶ dead                its schedule is exhausted: kept until somebody replays it, or acknowledges it
 *
 * A pending one is attempted, waits for its next attempt, or was halved: then it has no attempts of its own
 * any more and is `delivered` once both of its halves are, and `dead` once both are settled and one is dead.
 * A replay never changes a delivery: it makes a new one, and the old one remembers it (`replayedAs`). One that was
 * acknowledged stays dead: nobody waits for it any more, and a replay of the dead ones leaves it out.
 */
export const deliveryStates = ['pending', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** Why an attempt at a delivery ended as it did; part of the public surface (docs/errors.md). */
export const deliveryReasons = [
  'acknowledged',
  /** 200, and a body without a numeric `code`. */
  'no-acknowledgement',
  /** 200, and a body longer than any acknowledgement. */
  'answer-too-large',
  'redirect',
  /** 400, 413 or 422: the receiver does not like what is in it. */
  'content-refused',
  /** 401, 403, 404, 410 and the other answers of the 400 class. */
  'request-refused',
  'throttled',
  'server-error',
  /** 201, 204 and whatever else is no 200. */
  'unexpected-status',
  'timeout',
  'connection-refused',
  'connection-reset',
  'dns-failure',
  'tls-failure',
  'truncated',
  'bad-answer',
  'address-not-allowed',
  /** Of a delivery that was halved: by its halves. */
  'halved',
  'stopped',
] as const;
export type DeliveryReason = (typeof deliveryReasons)[number];

/** Time by phase, in ms; a phase that was not reached, or not needed on a kept connection, is absent. */
export interface DeliveryTimings {
  readonly lookupMs?: number;
  readonly connectMs?: number;
  readonly tlsMs?: number;
  /** From the request's last byte to the end of the answer's head. */
  readonly headMs?: number;
  readonly bodyMs?: number;
}

/** An HTTP head as kept for people: authentication and signatures are left out of a request's headers. */
export interface KeptRequest {
  readonly method: string;
  /** Without the query: it may hold a secret. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: number;
}

export interface KeptResponse {
  readonly headers: Readonly<Record<string, string>>;
  /** The first 4 KiB, as text in UTF-8 or GB 18030; what is neither is replaced. */
  readonly body: string;
}

/** One try of a delivery; append-only. */
export interface DeliveryAttempt {
  readonly at: number;
  readonly outcome: Outcome;
  readonly reason: DeliveryReason;
  readonly status?: number;
  readonly durationMs: number;
  readonly timings: DeliveryTimings;
  readonly address?: string;
  /** Whether it only asked if the endpoint is back and found nobody: it does not count in the schedule. */
  readonly isProbe: boolean;
  readonly request: KeptRequest;
  readonly response?: KeptResponse;
}

export interface Delivery {
  readonly id: string;
  readonly endpointId: string;
  readonly state: DeliveryState;
  /** The same at every attempt: what a receiver tells repetitions by. */
  readonly webhookId: string;
  /** Messages in it. */
  readonly count: number;
  /** Smallest and largest seq of them. */
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** Attempts that count in the schedule. */
  readonly attempts: number;
  readonly nextAttemptAt?: number;
  /** Of the last attempt that did not succeed, or of the state. */
  readonly reason?: DeliveryReason;
  readonly createdAt: number;
  readonly deliveredAt?: number;
  /** The delivery that this one is half of. */
  readonly halfOf?: string;
  /** The delivery that this one repeats, and the latest that repeats this one. */
  readonly replayOf?: string;
  readonly replayedAs?: string;
  /** Somebody said that it will not be replayed. */
  readonly isAcknowledged?: boolean;
}

/** What an attempt makes of its delivery. */
export type DeliveryVerdict =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly nextAttemptAt: number }
  | { readonly kind: 'dead' }
  /** Two new deliveries take its place, in its place in the order. */
  | { readonly kind: 'halved'; readonly halves: readonly [NewDelivery, NewDelivery] }
  /** We stopped: it is free again at once and the attempt does not count. */
  | { readonly kind: 'released' };

export interface NewDelivery {
  readonly webhookId: string;
  /** Of its messages, in the order in which they are pushed; at least one. */
  readonly seqs: readonly number[];
}
