import type { Clock } from '../domain/clock.js';

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

/** Work that one process does for all of them: each follows one cursor. */
export const dutyNames = ['sort', 'project', 'clean', 'analyse'] as const;
export type DutyName = (typeof dutyNames)[number];

export interface Duty {
  readonly name: DutyName;
  /** Instance of the process that has it. */
  readonly holder: string;
  readonly until: number;
}

/** Leases on duties. Of a process that dies they run out, and another takes them. */
export interface Duties {
  /** Atomic. True: it is `holder`'s until `until`; it was free, had run out at `now`, or was `holder`'s already. */
  hold(name: DutyName, holder: string, now: number, until: number): Promise<boolean>;
  /** Of these, whatever `holder` has is free at once. */
  release(holder: string, names: readonly DutyName[]): Promise<void>;
  /** Those that somebody has or had last. */
  list(): Promise<Duty[]>;
}

/**
 * The parts that a process may run. `intake` takes pushes and brings with it the duties behind them: sorting,
 * projecting, cleaning.
 */
export const processRoles = ['intake', 'archive', 'deliver', 'api'] as const;
export type ProcessRole = (typeof processRoles)[number];

/** A process as it last told of itself. */
export interface ProcessReport {
  /** Instance: made anew by each start. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly roles: readonly string[];
  readonly version: string;
  readonly startedAt: number;
  readonly seenAt: number;
  /** Where its pushes go, and what waits in its local inbox; absent where it takes none. */
  readonly inbox?: ProcessInbox;
  /** How many endpoints it serves; absent where it serves none. */
  readonly endpoints?: number;
}

export interface ProcessInbox {
  readonly goesTo: 'database' | 'local';
  /** Pushes of its local inbox that are not in the database yet. */
  readonly pending: number;
  readonly bytes: number;
  readonly oldestAt?: number;
}

/** Who runs, for all to see. */
export interface Processes {
  /** Puts the report in the place of the one before. */
  tell(report: ProcessReport): Promise<void>;
  /** Those seen since `since`, oldest start first. */
  list(since: number): Promise<ProcessReport[]>;
  /** It stops, and says so. */
  leave(id: string): Promise<void>;
}

/** Where years of messages are too many: what is older than some months can be let go of, a month at a time. */
export interface Retention {
  /**
   * Drops the journal's entries and the attempts of all months before that of `at` that nobody needs any more: not the
   * projector, not an endpoint's cursor or a delivery of its that is open. Identities stay, so that a message of a
   * dropped month that comes again is a duplicate as before. Returns how many months of how many tables went.
   */
  dropMonthsBefore(at: number): Promise<number>;
}
