import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { CommentRoutesDeps } from '../http/routes/comment-routes.js';
import type { SourceRoutesDeps } from '../http/routes/source-routes.js';
import { Alarm } from './alarm.js';
import type { Config } from './config.js';
import { runConsumer } from './consumer-loop.js';
import type { FigureKeeper } from './figure-keeper.js';
import { followSources } from './follow-sources.js';
import { inGoodTime } from './in-good-time.js';
import type { MainStore } from './main-store.js';
import type { SecretBook } from './secret-book.js';
import { makeSecret } from './secrets.js';
import type { SourceBook } from './source-book.js';
import { createSourceDesk } from './source-desk.js';

const keepFiguresEveryMs = 60_000;
const failureMs = 5_000;

export interface OperatingParts {
  readonly config: Config;
  readonly store: MainStore;
  readonly secrets: SecretBook;
  readonly book: SourceBook;
  readonly figures: FigureKeeper;
  readonly publicUrl: () => string;
  /** Where this process itself listens, without a trailing slash. */
  readonly nearUrl: () => string;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface Operating {
  /** What the routes of operators and administrators need. */
  readonly deps: SourceRoutesDeps & Pick<CommentRoutesDeps, 'newId'>;
  /** Other processes changed the sources. */
  sourcesChanged(): void;
  /** Follows the sources and keeps the figures, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** What is for those who run Earshot, beside the store: sources, figures. */
export function createOperating(parts: OperatingParts): Operating {
  const { config, store, secrets, book, figures, log, clock } = parts;
  const { sources, shared } = store;
  const alarm = new Alarm();
  const newId = (): string => randomUUID();
  const sourceDesk = createSourceDesk({
    ...{ config, sources, shared, secrets, book, figures, clock, newId },
    newToken: makeSecret,
    publicUrl: parts.publicUrl,
    nearUrl: config.roles.includes('intake') ? parts.nearUrl : parts.publicUrl,
  });
  return {
    deps: { sourceDesk, newId },
    sourcesChanged: () => {
      alarm.ring();
    },
    run: async (signal) => {
      await Promise.all([
        followSources({ config, sources, secrets, book, alarm, log }, signal),
        keepFigures(figures, log, signal),
      ]);
    },
  };
}

async function keepFigures(figures: FigureKeeper, log: Logger, signal: AbortSignal): Promise<void> {
  const step = async (): Promise<boolean> => {
    await figures.flush();
    return false;
  };
  const onFailure = (error: unknown): void => {
    log.warn({ err: error }, 'The figures of the last minutes could not be kept; it is tried again.');
  };
  await runConsumer({ step, idleMs: keepFiguresEveryMs, failureMs, onFailure }, signal);
  // What came since. A stop waits for it no longer than for the store's ordinary answer.
  await inGoodTime(figures.flush()).catch(() => undefined);
}
