import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { SourceLimits } from '../store/source-limits.js';
import { defaultSource, type Sources } from '../store/sources.js';
import type { Alarm } from './alarm.js';
import type { Config } from './config.js';
import { runConsumer } from './consumer-loop.js';
import { keepSources, readKeptSources } from './kept-sources.js';
import type { MainStore } from './main-store.js';
import type { SecretBook } from './secret-book.js';
import { keepSecret } from './secrets.js';
import { SourceBook } from './source-book.js';

/** A source that another process made or removed is noticed within this time, if no wake-up comes. */
const everyMs = 5_000;

export interface FollowingParts {
  readonly config: Pick<Config, 'dataDir'>;
  readonly sources: Pick<Sources, 'list'>;
  readonly sourceLimits: Pick<SourceLimits, 'list'>;
  readonly secrets: SecretBook;
  readonly book: SourceBook;
}

/**
 * Opens the sources: those that the data folder has a copy of. A new process of a shared store has none yet, and asks
 * the store once where that answers.
 */
export async function openSourceBook(
  config: Pick<Config, 'dataDir' | 'pushToken'>,
  store: Pick<MainStore, 'sources' | 'sourceLimits' | 'shared' | 'tried'>,
  secrets: SecretBook,
  clock: Clock,
): Promise<SourceBook> {
  const kept = readKeptSources(config.dataDir);
  const isFixed = config.pushToken !== undefined;
  const book = new SourceBook(secrets, isFixed, kept ?? { sources: [], limits: [] }, clock);
  if (kept === undefined && store.shared) {
    await store.tried;
    // Where it does not answer, the default source is all that is known until it does.
    const { sources, sourceLimits } = store;
    await takeOver({ config, sources, sourceLimits, secrets, book }).catch(() => undefined);
  }
  return book;
}

/** Asks the store for the sources, and keeps what it says: in the book and in the data folder. */
export async function takeOver({
  config,
  sources,
  sourceLimits,
  secrets,
  book,
}: FollowingParts): Promise<void> {
  const told = { sources: await sources.list(), limits: await sourceLimits.list() };
  const isSame = JSON.stringify(told) === JSON.stringify(book.kept);
  if (isSame && readKeptSources(config.dataDir)) return;
  book.replace(told);
  keepSources(config.dataDir, told);
  const kept = told.sources.find(({ id }) => id === defaultSource);
  if (book.isFixed || !kept || kept.token === secrets.secrets.pushToken) return;
  // It was rotated: commands that run beside the server read it from here.
  keepSecret(join(config.dataDir, 'push-token'), kept.token);
  secrets.replace({ ...secrets.secrets, pushToken: kept.token });
}

/** Keeps the sources up to date until `signal` aborts. */
export function followSources(
  parts: FollowingParts & { readonly alarm: Alarm; readonly log: Logger },
  signal: AbortSignal,
): Promise<void> {
  const step = async (): Promise<boolean> => {
    await takeOver(parts);
    return false;
  };
  const onFailure = (error: unknown): void => {
    parts.log.warn({ err: error }, 'The sources could not be read; it is tried again.');
  };
  return runConsumer({ step, idleMs: everyMs, failureMs: everyMs, onFailure, alarm: parts.alarm }, signal);
}
