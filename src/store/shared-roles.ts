import type { Clock } from '../domain/clock.js';
import type { Duties } from './duties.js';
import type { Processes } from './processes.js';
import type { Retention } from './retention.js';

export type SharedSecretName = 'push-token' | 'api-key';

/** Secrets that all processes must agree on. */
export interface SharedSecrets {
  /** The one that is kept under this name; `candidate` becomes it where there is none. Atomic. */
  obtain(name: SharedSecretName, candidate: string): Promise<string>;
  find(name: SharedSecretName): Promise<string | undefined>;
  /** In the place of what there was; for a store that nobody uses yet. */
  replace(name: SharedSecretName, secret: string): Promise<void>;
}

/**
 * `entries`: the journal has more. `endpoints`: endpoints or replays were changed. `sources`: one was made, changed or
 * removed. `jobs`: one moved on.
 */
export const wakeUps = ['entries', 'endpoints', 'sources', 'jobs'] as const;
export type WakeUp = (typeof wakeUps)[number];

export interface WakeUps {
  /**
   * Calls `onWakeUp` when another process, or a thread of this one, says so; some calls may be missing, for example
   * while the connection is made anew, so there is polling behind it. Returns how to stop.
   */
  listen(onWakeUp: (wakeUp: WakeUp) => void): () => void;
}

/** What a store has besides, where more than one process may work on it. */
export interface SharedRoles {
  readonly duties: Duties;
  readonly processes: Processes;
  readonly secrets: SharedSecrets;
  readonly wakeUps: WakeUps;
  readonly retention: Retention;
  /** The database's time: leases of many machines are measured by one clock. */
  toSharedClock(clock: Clock): Clock;
}
