import { join } from 'node:path';
import type { Clock } from '../domain/clock.js';
import {
  defaultSource,
  type LimitedSource,
  type Source,
  type SourceLimits,
  type Sources,
} from '../store/sources.js';
import type { SecretRegistry } from './secret-registry.js';
import { keepSecret, readTextIfKept } from './secrets.js';
import { type KeptSources, SourceRegistry } from './source-registry.js';

export interface SyncParts {
  readonly config: { readonly dataDir: string };
  readonly sources: Pick<Sources, 'list'>;
  readonly sourceLimits: Pick<SourceLimits, 'list'>;
  readonly secrets: SecretRegistry;
  readonly registry: SourceRegistry;
}

/**
 * Opens the sources: those that the data folder has a copy of. A new process of a shared store has none yet, and asks
 * the store once where that answers.
 */
export async function openSourceRegistry(
  config: { readonly dataDir: string; readonly pushToken: string | undefined },
  store: Pick<SyncParts, 'sources' | 'sourceLimits'> & {
    readonly shared?: unknown;
    readonly tried: Promise<void>;
  },
  secrets: SecretRegistry,
  clock: Clock,
): Promise<SourceRegistry> {
  const kept = readKeptSources(config.dataDir);
  const isFixed = config.pushToken !== undefined;
  const registry = new SourceRegistry(secrets, isFixed, kept ?? { sources: [], limits: [] }, clock);
  if (kept === undefined && store.shared) {
    await store.tried;
    // Where it does not answer, the default source is all that is known until it does.
    const { sources, sourceLimits } = store;
    await syncSources({ config, sources, sourceLimits, secrets, registry }).catch(() => undefined);
  }
  return registry;
}

/** Asks the store for the sources, and keeps what it says: in the registry and in the data folder. */
export async function syncSources({
  config,
  sources,
  sourceLimits,
  secrets,
  registry,
}: SyncParts): Promise<void> {
  const told = { sources: await sources.list(), limits: await sourceLimits.list() };
  const isSame = JSON.stringify(told) === JSON.stringify(registry.kept);
  if (isSame && readKeptSources(config.dataDir)) return;
  registry.replace(told);
  keepSources(config.dataDir, told);
  const kept = told.sources.find(({ id }) => id === defaultSource);
  if (registry.isFixed || !kept || kept.token === secrets.secrets.pushToken) return;
  // It was rotated: commands that run beside the server read it from here.
  keepSecret(join(config.dataDir, 'push-token'), kept.token);
  secrets.replace({ ...secrets.secrets, pushToken: kept.token });
}

/**
 * A copy of the sources in the data folder (mode 0600), so that a process takes their pushes from its first moment,
 * whether or not the store is there to be asked.
 */
function readKeptSources(dataDir: string): KeptSources | undefined {
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
function keepSources(dataDir: string, kept: KeptSources): void {
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
