import { join } from 'node:path';
import type { LimitedSource } from '../store/source-limits.js';
import type { Source } from '../store/sources.js';
import { keepSecret, readTextIfKept } from './secrets.js';

/** The sources and what each may do. */
export interface KeptSources {
  readonly sources: readonly Source[];
  readonly limits: readonly LimitedSource[];
}

/**
 * A copy of the sources in the data folder (mode 0600), so that a process takes their pushes from its first moment,
 * whether or not the store is there to be asked.
 */
export function readKeptSources(dataDir: string): KeptSources | undefined {
  const text = readTextIfKept(fileIn(dataDir));
  if (text === undefined) return undefined;
  try {
    const { sources, limits } = JSON.parse(text) as Partial<Record<keyof KeptSources, unknown>>;
    if (!Array.isArray(sources) || !Array.isArray(limits)) return undefined;
    return sources.every(isSource) && limits.every(isLimited) ? { sources, limits } : undefined;
  } catch {
    // It is a copy: the store has them, and makes a new one.
    return undefined;
  }
}

/** @throws AppError `data-dir-unusable`. */
export function keepSources(dataDir: string, kept: KeptSources): void {
  keepSecret(fileIn(dataDir), JSON.stringify(kept));
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'sources.json');
}

function isSource(value: unknown): value is Source {
  const { id, name, token } = (value ?? {}) as Partial<Record<keyof Source, unknown>>;
  return [id, name, token].every((text) => typeof text === 'string');
}

function isLimited(value: unknown): value is LimitedSource {
  const { name, pushBytesPerDay = 0 } = (value ?? {}) as Partial<Record<keyof LimitedSource, unknown>>;
  return typeof name === 'string' && typeof pushBytesPerDay === 'number';
}
