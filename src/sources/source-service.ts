import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { SourceLimit } from '../domain/source-limit.js';
import type { GuardedClient } from '../net/guarded-fetch.js';
import { senderTimeoutMs } from '../protocol/acknowledgement.js';
import { samplePush } from '../protocol/sample.js';
import type { SharedSecrets } from '../store/shared-roles.js';
import {
  defaultSource,
  type Source,
  type SourceCounts,
  type SourceDay,
  type SourceLimits,
  type Sources,
} from '../store/sources.js';
import type { SecretRegistry } from './secret-registry.js';
import { keepSecret } from './secrets.js';
import type { UsageTracker } from './source-limits.js';
import type { SourceRegistry } from './source-registry.js';
import { syncSources } from './source-sync.js';

/** What is known of a source. Instants in ms. */
export interface SourceFacts {
  readonly id: string;
  readonly name: string;
  /** A secret. */
  readonly pushUrl: string;
  readonly previousUntil?: number;
  readonly isFixed: boolean;
  readonly createdAt?: number;
  readonly pushes: number;
  readonly lastPushAt?: number;
  readonly limit: SourceLimit;
  readonly today: Pick<SourceDay, 'pushBytes' | 'refusedPushes' | 'recordingBytes'>;
}

/** What can be done with sources. A change holds in this process at once, and in others within seconds. */
export interface SourceService {
  /** The default source first. */
  list(): Promise<SourceFacts[]>;
  create(name: string): Promise<SourceFacts | 'name-taken' | undefined>;
  /** Undefined: unknown. Rejects with `source-fixed`. */
  rotate(id: string, overlapMs: number): Promise<SourceFacts | undefined>;
  /** All of it: what is absent is no more. Undefined: unknown. */
  limit(id: string, limit: SourceLimit): Promise<SourceFacts | undefined>;
  remove(id: string): Promise<boolean>;
  /** As a sender would. Undefined: unknown. Rejects where nothing answers in the sender's time. */
  pushSample(
    id: string,
  ): Promise<{ readonly status: number; readonly body: string; readonly durationMs: number } | undefined>;
}

export interface SourceServiceParts {
  readonly config: { readonly dataDir: string };
  readonly sources: Sources;
  readonly sourceLimits: Pick<SourceLimits, 'list' | 'set'>;
  /** Where several processes share the store: they agree on the default source's token there. */
  readonly shared: { readonly secrets: Pick<SharedSecrets, 'replace'> } | undefined;
  readonly secrets: SecretRegistry;
  readonly registry: SourceRegistry;
  readonly figures: { unkept(): readonly SourceCounts[] };
  readonly days: Pick<UsageTracker, 'of'>;
  /** Where the outside reaches push paths, without a trailing slash. */
  readonly publicUrl: () => string;
  /** Where this machine does. */
  readonly nearUrl: () => string;
  readonly pushSample: (url: string) => Promise<PushedSample>;
  readonly newToken: () => string;
  readonly newId: () => string;
  readonly clock: Clock;
}

/** Names of what Earshot writes itself. */
const reservedNames: readonly string[] = [defaultSource, 'earshot', 'demo'];
/** Sources that are Earshot's own business. */
const hiddenNames: readonly string[] = ['demo'];

/** What can be done with sources, over the API. A change holds in this process once it is answered. */
export function createSourceService(parts: SourceServiceParts): SourceService {
  const { sources, sourceLimits, newToken, newId, clock } = parts;

  async function list(): Promise<SourceFacts[]> {
    const counts = sum([...(await sources.counts()), ...parts.figures.unkept()]);
    const others = (await sources.list()).filter(
      ({ id, name }) => id !== defaultSource && !hiddenNames.includes(name),
    );
    return [defaultAsSource(parts), ...others].map((source) => toFacts(source, counts, parts));
  }

  async function find(id: string): Promise<SourceFacts | undefined> {
    return (await list()).find((source) => source.id === id);
  }

  return {
    list,
    create: async (name) => {
      if (reservedNames.includes(name)) return 'name-taken';
      const id = newId();
      const created = await sources.create({ id, name, token: newToken(), now: clock() });
      // Of 32 random bytes that is no accident that anybody will see.
      if (created === 'token-taken') throw new Error('a new token is one that a source has already');
      if (created === 'name-taken') return created;
      await syncSources(parts);
      return await find(id);
    },
    rotate: async (id, overlapMs) => {
      if (id === defaultSource) await rotateDefault(parts, overlapMs);
      else if (!(await sources.rotate(id, newToken(), clock() + overlapMs))) return undefined;
      await syncSources(parts);
      return await find(id);
    },
    limit: async (id, limit) => {
      const source = await find(id);
      if (!source) return undefined;
      await sourceLimits.set({ name: source.name, ...limit });
      await syncSources(parts);
      return await find(id);
    },
    remove: async (id) => {
      const source = await find(id);
      if (!source || !(await sources.remove(id))) return false;
      await syncSources(parts);
      return true;
    },
    pushSample: async (id) => {
      const source = [defaultAsSource(parts), ...(await sources.list())].find((known) => known.id === id);
      return source && (await parts.pushSample(`${parts.nearUrl()}/push/${source.token}`));
    },
  };
}

/**
 * The default source's token is a secret of the data folder, or of all processes, until it is rotated for the first
 * time; from then on the store has it like any other's, and what was there is a copy.
 */
async function rotateDefault(parts: SourceServiceParts, overlapMs: number): Promise<void> {
  const { config, sources, registry, shared, newToken, clock } = parts;
  if (registry.isFixed) {
    throw new AppError(
      'source-fixed',
      'EARSHOT_PUSH_TOKEN names the token of the default source: change it there and start again.',
    );
  }
  const name = defaultSource;
  await sources.create({ id: defaultSource, name, token: registry.defaultToken, now: clock() });
  const token = newToken();
  await sources.rotate(defaultSource, token, clock() + overlapMs);
  // Others read it here: a process that starts anew, and commands beside the server.
  await shared?.secrets.replace('push-token', token);
  keepSecret(join(config.dataDir, 'push-token'), token);
}

function defaultAsSource({ registry }: SourceServiceParts): Omit<Source, 'createdAt'> {
  const kept = registry.isFixed ? undefined : registry.sources.find(({ id }) => id === defaultSource);
  return kept ?? { id: defaultSource, name: defaultSource, token: registry.defaultToken };
}

function toFacts(
  source: Omit<Source, 'createdAt'> & Partial<Pick<Source, 'createdAt'>>,
  counts: ReadonlyMap<string, SourceCounts>,
  { registry, days, publicUrl, clock }: SourceServiceParts,
): SourceFacts {
  const { id, name, token, previousUntil, createdAt } = source;
  const isDefault = id === defaultSource;
  const counted = counts.get(name);
  return {
    ...{ id, name, pushUrl: `${publicUrl()}/push/${token}`, isFixed: isDefault && registry.isFixed },
    ...(previousUntil !== undefined && previousUntil > clock() ? { previousUntil } : {}),
    ...(createdAt === undefined || isDefault ? {} : { createdAt }),
    limit: registry.limitOf(name),
    today: days.of(name),
    pushes: counted?.pushes ?? 0,
    ...(counted ? { lastPushAt: counted.lastPushAt } : {}),
  };
}

function sum(counts: readonly SourceCounts[]): ReadonlyMap<string, SourceCounts> {
  const summed = new Map<string, SourceCounts>();
  for (const { name, pushes, lastPushAt } of counts) {
    const known = summed.get(name);
    summed.set(name, {
      name,
      pushes: (known?.pushes ?? 0) + pushes,
      lastPushAt: Math.max(known?.lastPushAt ?? 0, lastPushAt),
    });
  }
  return summed;
}

export interface PushedSample {
  readonly status: number;
  readonly body: string;
  readonly durationMs: number;
}

/** Sends the specification's sample once, as the vendor's system would: 700 ms for the whole answer. Rejects where none comes. */
export async function pushOwnSample(
  url: string,
  client: Pick<GuardedClient, 'request'>,
  stopwatch: Clock,
): Promise<PushedSample> {
  const startedAt = stopwatch();
  const answer = await client.request({
    ...{ url, method: 'POST', body: samplePush },
    headers: { 'content-type': 'application/json;charset=UTF-8' },
    ...{ headTimeoutMs: senderTimeoutMs, idleTimeoutMs: senderTimeoutMs, totalTimeoutMs: senderTimeoutMs },
  });
  const body = (await buffer(answer.body)).toString();
  return { status: answer.status, body, durationMs: stopwatch() - startedAt };
}
