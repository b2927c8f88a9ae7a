import { createHostFilter, type HostFilter } from '../domain/host-pattern.js';
import type { LimitedSource } from '../store/source-limits.js';

const anyHost: HostFilter = () => true;

/** Where the links of each source may lead to, as the store told it last. */
export class SourceHosts {
  #told = '';
  #filters: ReadonlyMap<string, HostFilter> = new Map();

  of(source: string): HostFilter {
    return this.#filters.get(source) ?? anyHost;
  }

  /** Whether anything has changed. */
  replace(limits: readonly LimitedSource[]): boolean {
    const patterns = limits.flatMap(({ name, recordingHosts }) =>
      recordingHosts ? [[name, recordingHosts] as const] : [],
    );
    const told = JSON.stringify(patterns);
    if (told === this.#told) return false;
    this.#told = told;
    this.#filters = new Map(patterns.map(([name, hosts]) => [name, createHostFilter(hosts)]));
    return true;
  }
}
