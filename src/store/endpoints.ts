import type { Endpoint, EndpointSecret, EndpointSettings, EndpointStart } from '../domain/endpoint.js';

export interface NewEndpoint {
  readonly settings: EndpointSettings;
  readonly start: EndpointStart;
  readonly secret: string;
  readonly now: number;
}

export interface EndpointChange {
  /** In place of those there were. */
  readonly settings?: EndpointSettings;
  readonly isPaused?: boolean;
}

export interface EndpointsWriter {
  /** Atomic. The cursor is set from `start`: now is behind the last entry there is. */
  create(endpoint: NewEndpoint): Promise<Endpoint>;
  /** Atomic. A changed URL closes the breaker: it is another receiver. Undefined: unknown. */
  change(id: string, change: EndpointChange): Promise<Endpoint | undefined>;
  /** The endpoint is gone at once, its deliveries in small steps afterwards (`sweepRemoved`). False: unknown. */
  remove(id: string): Promise<boolean>;
  /** Makes `secret` the one that signs first; all others expire at `othersUntil` unless they do before, and those that have are gone. Undefined: unknown. */
  rotateSecret(id: string, secret: EndpointSecret, othersUntil: number): Promise<Endpoint | undefined>;
  /** Deletes deliveries of removed endpoints, at most `limit`; returns how many. Fewer than `limit`: nothing is left of them. */
  sweepRemoved(limit: number): Promise<number>;
}

/** Whoever has more dead deliveries than this does not need to know by how many: it is counted every few seconds. */
export const countedDead = 100_000;

/** How an endpoint's deliveries stand. */
export interface EndpointTally {
  readonly pending: number;
  /** Those that wait for somebody: neither replayed, nor acknowledged, nor halved. Counted up to `countedDead`. */
  readonly dead: number;
  readonly delivered: number;
  /** Of its pending deliveries. */
  readonly nextAttemptAt?: number;
}

export interface EndpointsReader {
  /** Every endpoint, oldest first; there are hundreds at most. */
  list(): Promise<Endpoint[]>;
  get(id: string): Promise<Endpoint | undefined>;
  tally(id: string): Promise<EndpointTally>;
}
