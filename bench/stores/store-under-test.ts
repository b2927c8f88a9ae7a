import type { OpenDownloads } from '../data-set/data-set.js';
import type { StoreName } from '../options.js';
import type { Child } from '../process/start-child.js';
import type { Port } from '../process/listen.js';

/** What one server, or several, is started on. */
export interface Place {
  /** A data folder. */
  readonly folder: string;
  /** Settings that lead to its store. */
  readonly settings: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** A store filled beforehand: each place is that store as new. */
export interface FilledStore {
  readonly calls: number;
  /** Start of call n is `firstStartAt + n * callSpacingMs`; calls are numbered from 1. */
  readonly firstStartAt: number;
  open(planning?: Planning): Promise<Place>;
}

/** How PostgreSQL plans statements that it has prepared: for the values of each call, or once for all. */
export type Planning = 'generic' | 'custom';

/** What its figures should reach; absent where nothing was set. */
export interface Aims {
  readonly acknowledge: Readonly<Record<1 | 20, { readonly naive?: number; readonly bare?: number }>>;
  readonly ackP99Ms: number;
  readonly ackP999Ms?: number;
  /** Times naive, and messages a second. */
  readonly sustained?: number;
  readonly drainPerSecond?: number;
}

/** The back end that a run measures, with its baseline. */
export interface StoreUnderTest {
  readonly name: StoreName;
  readonly aims: Aims;
  /** Each a turn of the search row; one, undefined, where there is nothing to choose. */
  readonly plannings: readonly (Planning | undefined)[];
  /** A sentence on the server that it runs on, where it has one. */
  readonly description: string | undefined;
  create(): Promise<Place>;
  fill(calls: number, downloads: OpenDownloads): Promise<FilledStore>;
  /** The naive baseline on an empty store of its own, which goes with it. */
  startNaive(): Promise<Child<Port>>;
  /** Processor time that servers of it have used so far, in seconds. */
  cpuSeconds(): number;
  close(): Promise<void>;
  /** At once, for a run that is interrupted. */
  kill(): void;
}
