import { join } from 'node:path';
import type { Clock } from '../domain/clock.js';
import { AppError } from '../domain/errors.js';
import type { SourceDesk, SourceFacts } from '../http/routes/source-routes.js';
import type { SharedSecrets } from '../store/shared-roles.js';
import type { SourceLimits } from '../store/source-limits.js';
import { defaultSource, type Source, type SourceCounts, type Sources } from '../store/sources.js';
import type { Config } from './config.js';
import type { FigureBuffer } from '../telemetry/figure-buffer.js';
import { takeOver } from './follow-sources.js';
import type { PushedSample } from './push-own-sample.js';
import type { SecretBook } from './secret-book.js';
import { keepSecret } from './secrets.js';
import type { SourceDays } from './source-days.js';
import type { SourceBook } from './source-book.js';

export interface SourceDeskParts {
  readonly config: Pick<Config, 'dataDir'>;
  readonly sources: Sources;
  readonly sourceLimits: Pick<SourceLimits, 'list' | 'set'>;
  /** Where several processes share the store: they agree on the default source's token there. */
  readonly shared: { readonly secrets: Pick<SharedSecrets, 'replace'> } | undefined;
  readonly secrets: SecretBook;
  readonly book: SourceBook;
  readonly figures: Pick<FigureBuffer, 'unkept'>;
  readonly days: Pick<SourceDays, 'of'>;
  /** Where the outside reaches push paths, without a trailing slash. */
  readonly publicUrl: () => string;
  /** Where this machine does. */
  readonly nearUrl: () => string;
  readonly pushSample: (url: string) => Promise<PushedSample>;
  readonly newToken: () => string;
  readonly newId: () => string;
  readonly clock: Clock;
}

/** Marks of what Earshot writes itself: nobody may have them. */
const reservedNames: readonly string[] = [defaultSource, 'earshot', 'demo'];
/** Sources that are Earshot's own business. */
const hiddenNames: readonly string[] = ['demo'];

/** What can be done with sources, over the API. A change holds in this process once it is answered. */
export function createSourceDesk(parts: SourceDeskParts): SourceDesk {
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
      await takeOver(parts);
      return await find(id);
    },
    rotate: async (id, overlapMs) => {
      if (id === defaultSource) await rotateDefault(parts, overlapMs);
      else if (!(await sources.rotate(id, newToken(), clock() + overlapMs))) return undefined;
      await takeOver(parts);
      return await find(id);
    },
    limit: async (id, limit) => {
      const source = await find(id);
      if (!source) return undefined;
      await sourceLimits.set({ name: source.name, ...limit });
      await takeOver(parts);
      return await find(id);
    },
    remove: async (id) => {
      const source = await find(id);
      if (!source || !(await sources.remove(id))) return false;
      await takeOver(parts);
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
async function rotateDefault(parts: SourceDeskParts, overlapMs: number): Promise<void> {
  const { config, sources, book, shared, newToken, clock } = parts;
  if (book.isFixed) {
    throw new AppError(
      'source-fixed',
      'EARSHOT_PUSH_TOKEN names the token of the default source: change it there and start again.',
    );
  }
  const name = defaultSource;
  await sources.create({ id: defaultSource, name, token: book.defaultToken, now: clock() });
  const token = newToken();
  await sources.rotate(defaultSource, token, clock() + overlapMs);
  // Others read it here: a process that starts anew, and commands beside the server.
  await shared?.secrets.replace('push-token', token);
  keepSecret(join(config.dataDir, 'push-token'), token);
}

function defaultAsSource({ book }: SourceDeskParts): Omit<Source, 'createdAt'> {
  const kept = book.isFixed ? undefined : book.sources.find(({ id }) => id === defaultSource);
  return kept ?? { id: defaultSource, name: defaultSource, token: book.defaultToken };
}

function toFacts(
  source: Omit<Source, 'createdAt'> & Partial<Pick<Source, 'createdAt'>>,
  counts: ReadonlyMap<string, SourceCounts>,
  { book, days, publicUrl, clock }: SourceDeskParts,
): SourceFacts {
  const { id, name, token, previousUntil, createdAt } = source;
  const isDefault = id === defaultSource;
  const counted = counts.get(name);
  return {
    ...{ id, name, pushUrl: `${publicUrl()}/push/${token}`, isFixed: isDefault && book.isFixed },
    ...(previousUntil !== undefined && previousUntil > clock() ? { previousUntil } : {}),
    ...(createdAt === undefined || isDefault ? {} : { createdAt }),
    limit: book.limitOf(name),
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
