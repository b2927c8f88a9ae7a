import type { Clock } from '../domain/clock.js';
import type { Processes } from '../store/processes.js';
import type { Role } from './roles.js';

const askEveryMs = 2_000;

export interface ProcessCountParts {
  readonly processes: Pick<Processes, 'list'>;
  readonly role: Role;
  /** Instance of this process, which counts whether or not it has told of itself. */
  readonly instance: string;
  /** The one clock of all processes. */
  readonly clock: Clock;
  /** A process that was silent for as long as a lease lasts is not counted: its work is free, too. */
  readonly leaseMs: number;
}

/** How many processes run a part, this one among them; asked of the store every two seconds at most. Rejects where that does. */
export function createProcessCount(parts: ProcessCountParts): () => Promise<number> {
  const { processes, role, instance, clock, leaseMs } = parts;
  let asked: { at: number; answer: Promise<number> } | undefined;
  const ask = async (): Promise<number> => {
    const running = await processes.list(clock() - leaseMs);
    return 1 + running.filter(({ id, roles }) => id !== instance && roles.includes(role)).length;
  };
  return () => {
    if (!asked || clock() - asked.at >= askEveryMs) asked = { at: clock(), answer: ask() };
    return asked.answer;
  };
}
