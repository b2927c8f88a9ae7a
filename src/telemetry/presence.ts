import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { Processes, ProcessReport } from '../store/shared-roles.js';
import { inGoodTime, type StoreWatch } from './store-watch.js';

const tellEveryMs = 2_000;

export interface PresenceParts {
  readonly processes: Processes;
  readonly describe: () => Promise<ProcessReport> | ProcessReport;
  readonly watch: StoreWatch;
  readonly log: Logger;
}

/** Tells the other processes of this one, and finds out on the way whether the store answers. */
export class Presence {
  readonly #parts: PresenceParts;
  #timer: NodeJS.Timeout | undefined;
  #isTelling = false;
  #id: string | undefined;

  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#timer = setInterval(() => void this.#tell(), tellEveryMs);
    void this.#tell();
  }

  /** It stops, and says so. */
  async leave(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#id === undefined) return;
    try {
      await inGoodTime(this.#parts.processes.leave(this.#id));
    } catch (error) {
      this.#parts.log.warn({ err: error }, 'This process could not take its leave; the others will miss it.');
    }
  }

  async #tell(): Promise<void> {
    if (this.#isTelling) return;
    this.#isTelling = true;
    const { processes, describe, watch } = this.#parts;
    try {
      const report = await describe();
      await inGoodTime(processes.tell(report));
      this.#id = report.id;
      watch.answered();
    } catch (error) {
      watch.failed(error);
    } finally {
      this.#isTelling = false;
    }
  }
}

const askEveryMs = 2_000;

export interface ProcessCountParts {
  readonly processes: Pick<Processes, 'list'>;
  readonly role: string;
  /** Instance of this process, which counts whether or not it has reported. */
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
