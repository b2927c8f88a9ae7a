import type { Logger } from 'pino';
import type { ProcessReport, Processes } from '../store/processes.js';
import { inGoodTime } from './in-good-time.js';
import type { StoreWatch } from './store-watch.js';

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
