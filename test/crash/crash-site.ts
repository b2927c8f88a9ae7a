import type { Random } from '../../src/domain/clock.js';
import type { ServerProcess, ServerProcesses } from '../support/server-process.js';

/** Servers on one store, and what can be done to them. */
export interface CrashSite {
  /** Names of data folders. The embedded store has one; on PostgreSQL servers with a folder each share a database. */
  readonly places: readonly string[];
  /** The server of a place; started where none runs. */
  start(place: string): ServerProcess;
  /** Whether nobody has killed it, as far as it is for us to know. */
  isUp(server: ServerProcess): boolean;
  /** Waits until one of those that are up sorts, projects and cleans. */
  untilAtWork(url: string): Promise<void>;
  /** Kills by chance: servers that are up, what keeps their data, or both. That is back when it resolves, to what was done. */
  strike(random: Random): Promise<string>;
  /** Asks all that are up to stop, and expects that they do. */
  stop(): Promise<void>;
  /** Runs a command to its end. */
  run(...command: string[]): ReturnType<ServerProcesses['run']>;
  /** What ended although nobody killed it: its exit and its words. */
  readonly deaths: readonly string[];
  /** What all servers have written. */
  words(): string;
  close(): Promise<void>;
}

/** Short ones far more often than long ones: log-uniform. Chance is what is wanted here, not a condition. */
export function pauseByChance(random: Random, leastMs: number, mostMs: number): Promise<void> {
  const ms = leastMs * (mostMs / leastMs) ** random();
  return new Promise((resolve) => setTimeout(resolve, ms));
}
