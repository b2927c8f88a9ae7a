import { join } from 'node:path';
import type { Source } from '../store/sources.js';
import { keepSecret, readTextIfKept } from './secrets.js';

/**
 * A copy of the sources in the data folder (mode 0600), so that a process takes their pushes from its first moment,
 * whether or not the store is there to be asked.
 */
export function readKeptSources(dataDir: string): readonly Source[] | undefined {
  const text = readTextIfKept(fileIn(dataDir));
  if (text === undefined) return undefined;
  try {
    const kept = JSON.parse(text) as unknown;
    return Array.isArray(kept) && kept.every(isSource) ? kept : undefined;
  } catch {
    // It is a copy: the store has them, and makes a new one.
    return undefined;
  }
}

/** @throws AppError `data-dir-unusable`. */
export function keepSources(dataDir: string, sources: readonly Source[]): void {
  keepSecret(fileIn(dataDir), JSON.stringify(sources));
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'sources.json');
}

function isSource(value: unknown): value is Source {
  const { id, name, token } = (value ?? {}) as Partial<Record<keyof Source, unknown>>;
  return [id, name, token].every((text) => typeof text === 'string');
}
