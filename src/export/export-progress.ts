import type { JobProgress } from '../store/jobs.js';
import type { ExportedCall } from './call-pages.js';

/** How far an export is; read by whoever reports it. */
export class ExportProgress {
  done = 0;
  total: number | undefined;
  #bytes: () => number = () => 0;

  /** Where bytes are counted. */
  countBytesBy(bytes: () => number): void {
    this.#bytes = bytes;
  }

  get now(): JobProgress {
    const { done, total } = this;
    return { done, bytes: this.#bytes(), ...(total === undefined ? {} : { total: Math.max(total, done) }) };
  }

  /** The same pages; their calls count as done once the next page is asked for. */
  async *count(
    pages: AsyncIterable<readonly ExportedCall[]>,
  ): AsyncGenerator<readonly ExportedCall[], void, undefined> {
    for await (const calls of pages) {
      yield calls;
      this.done += calls.length;
    }
  }
}
