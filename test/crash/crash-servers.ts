import { expect } from 'vitest';
import type { ServerOptions, ServerProcess, ServerProcesses } from '../support/server-process.js';

/** The servers of a site by the places they work at: which are up, and which went although nobody killed them. */
export class CrashServers {
  /** What ended although nobody killed it: its exit and its words. */
  readonly deaths: string[] = [];
  readonly #all: [place: string, ServerProcess][] = [];
  readonly #up = new Map<string, ServerProcess>();
  readonly #processes: ServerProcesses;
  readonly #optionsOf: (place: string) => ServerOptions;

  constructor(processes: ServerProcesses, optionsOf: (place: string) => ServerOptions) {
    this.#processes = processes;
    this.#optionsOf = optionsOf;
  }

  start(place: string): ServerProcess {
    const running = this.#up.get(place);
    if (running) return running;
    const server = this.#processes.spawn(this.#optionsOf(place));
    this.#up.set(place, server);
    this.#all.push([place, server]);
    void server.exited.then(({ code, signal }) => {
      if (!this.isUp(server)) return;
      this.#up.delete(place);
      this.deaths.push(`${place} ended (${signal ?? code}). It said:\n${server.words()}`);
    });
    return server;
  }

  isUp(server: ServerProcess): boolean {
    return [...this.#up.values()].includes(server);
  }

  /** Those that are up. */
  get places(): string[] {
    return [...this.#up.keys()];
  }

  get pids(): number[] {
    return [...this.#up.values()].map(({ pid }) => pid);
  }

  /** What each has written, those that are gone among them. */
  words(): string {
    return this.#all.map(([place, { pid, words }]) => `${place}, process ${pid}:\n${words()}`).join('\n');
  }

  async kill(place: string): Promise<void> {
    const server = this.#up.get(place);
    // First the kill: a push that is answered while it falls counts.
    const killed = server?.kill();
    this.#up.delete(place);
    await killed;
  }

  async stop(): Promise<void> {
    const servers = [...this.#up.values()];
    this.#up.clear();
    for (const server of servers) expect(await server.stop()).toEqual({ code: 0, signal: null });
  }
}
