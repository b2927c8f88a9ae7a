import { messageTypes, type MessageType } from '../protocol/message.js';
import type { Random } from './clock.js';

export const deliverWhens = ['received', 'archived'] as const;
export const endpointRecordFiles = ['original', 'archived'] as const;

/** How an endpoint proves to its server who pushes. A secret: shown to nobody. */
export type EndpointAuth =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** Which messages an endpoint wants; all of the named ones must fit. */
export interface EndpointFilter {
  readonly taskId?: string;
  readonly batchId?: string;
  readonly outIdPrefix?: string;
  /** A message that tells no duration does not fit. */
  readonly minDurationSeconds?: number;
}

/**
 * Where Earshot pushes to, and how. The defaults are the protocol's own sender (specification, "Retry
 * mechanism"; protocol page, section 1), so that a receiver written for the vendor can stand behind Earshot
 * unchanged.
 */
export interface EndpointSettings {
  readonly name: string;
  readonly url: string;
  readonly types: readonly MessageType[];
  /** `received`: as soon as journaled. `archived`: call records wait until their recording is safe, or lost. */
  readonly when: (typeof deliverWhens)[number];
  /** `archived`: `recordFile` is Earshot's own signed link. */
  readonly recordFile: (typeof endpointRecordFiles)[number];
  readonly filter: EndpointFilter;
  /** Messages of one push at most. */
  readonly batchSize: number;
  /** How long a message may wait for others to be pushed with. */
  readonly lingerMs: number;
  /** From the start of an attempt to the last byte of its answer. */
  readonly timeoutMs: number;
  /** Pushes under way at once. 1 keeps the order: a push that waits for its retry holds back those behind it. */
  readonly concurrency: number;
  /** Pushes begun per second at most; no bound when absent. */
  readonly ratePerSecond?: number;
  /** Seconds from each failure to the next attempt. Empty: one attempt. */
  readonly retrySchedule: readonly number[];
  /** Share of a wait, 0 to 1, that chance may add to it. */
  readonly jitter: number;
  /** Whether `Retry-After` of an answer may lengthen a wait. */
  readonly retryAfter: boolean;
  /** Whether a batch that is refused for its content (400, 413, 422) is halved until the cause stands alone. */
  readonly halving: boolean;
  readonly gzip: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: EndpointAuth;
}

export const endpointDefaults = {
  types: messageTypes,
  when: 'received',
  recordFile: 'original',
  filter: {},
  batchSize: 100,
  lingerMs: 200,
  timeoutMs: 700,
  concurrency: 1,
  retrySchedule: [60, 300, 600],
  jitter: 0,
  retryAfter: false,
  halving: true,
  gzip: false,
  headers: {},
} as const satisfies Omit<EndpointSettings, 'name' | 'url'>;

/** Where a new endpoint begins to read the journal. */
export type EndpointStart = 'now' | 'beginning' | { readonly at: number };

/** A signing secret (Standard Webhooks, `whsec_…`). An older one stays valid until `expiresAt`. */
export interface EndpointSecret {
  readonly secret: string;
  readonly createdAt: number;
  readonly expiresAt?: number;
}

/** How an endpoint has answered lately; see deliver/breaker.ts for what follows from it. */
export interface EndpointHealth {
  /** Attempts that failed since the last that did not. */
  readonly failuresInARow: number;
  /** While the breaker is open: when the next delivery may ask whether the endpoint is back. */
  readonly probeAt?: number;
}

export interface Endpoint {
  readonly id: string;
  readonly settings: EndpointSettings;
  readonly isPaused: boolean;
  /** Entries of the journal up to this seq have been looked at. */
  readonly cursor: number;
  readonly start: EndpointStart;
  readonly health: EndpointHealth;
  /** Newest first; at least one. */
  readonly secrets: readonly EndpointSecret[];
  readonly createdAt: number;
}

/** What a reader sees: `failing` while the breaker is open. */
export const endpointStates = ['active', 'paused', 'failing'] as const;
export type EndpointState = (typeof endpointStates)[number];

export function stateOf({ isPaused, health }: Pick<Endpoint, 'isPaused' | 'health'>): EndpointState {
  if (isPaused) return 'paused';
  return health.probeAt === undefined ? 'active' : 'failing';
}

/**
 * When a delivery that failed is tried again: by the endpoint's own list (specification, "Retry mechanism": after
 * 1, 5 and 10 minutes), each wait counted from the failure before it. Beyond the list nothing is tried any more.
 */
export interface DeliveryRetry {
  /** Attempts that failed and count, the one that just did included: 1 after the first. */
  readonly failures: number;
  readonly now: number;
  readonly settings: Pick<EndpointSettings, 'retrySchedule' | 'jitter' | 'retryAfter'>;
  /** What the receiver asked for (`Retry-After`), in ms. */
  readonly retryAfterMs?: number;
}

/** A receiver may ask for patience, not for a week of it. */
const longestRetryAfterMs = 24 * 60 * 60 * 1000;

/** The instant of the next attempt; undefined when the schedule is exhausted. */
export function nextDeliveryAttemptAt(
  { failures, now, settings, retryAfterMs = 0 }: DeliveryRetry,
  random: Random,
): number | undefined {
  const seconds = settings.retrySchedule[failures - 1];
  if (seconds === undefined) return undefined;
  const ownWaitMs = seconds * 1000 * (1 + settings.jitter * random());
  const askedMs = settings.retryAfter ? Math.min(retryAfterMs, longestRetryAfterMs) : 0;
  return Math.ceil(now + Math.max(ownWaitMs, askedMs));
}
