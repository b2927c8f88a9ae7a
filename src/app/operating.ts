import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { CommentRoutesDeps } from '../http/routes/comment-routes.js';
import type { EntryNotifier } from '../live/entry-notifier.js';
import { LiveEvents } from '../live/live-events.js';
import type { Metrics } from '../telemetry/metrics.js';
import { toStatusJson } from '../http/status-json.js';
import type { DemoRoutesDeps } from '../http/routes/demo-routes.js';
import type { OverviewRoutesDeps } from '../http/routes/overview-routes.js';
import type { SettingsRoutesDeps } from '../http/routes/settings-routes.js';
import type { SourceRoutesDeps } from '../http/routes/source-routes.js';
import type { ServiceStatus } from '../telemetry/status.js';
import { createGuardedClient } from '../net/guarded-fetch.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import { Alarm } from './alarm.js';
import { describeConfig } from './commands/describe-config.js';
import type { Config } from './config.js';
import { runConsumer } from './consumer-loop.js';
import type { FigureBuffer } from '../telemetry/figure-buffer.js';
import { DemoData } from './demo-data/demo-data.js';
import { followSources, takeOver } from './follow-sources.js';
import { inGoodTime } from '../telemetry/store-watch.js';
import type { MainStore } from './main-store.js';
import { createOverview } from '../telemetry/overview.js';
import { pushOwnSample } from './push-own-sample.js';
import type { SecretBook } from './secret-book.js';
import { makeSecret } from './secrets.js';
import type { SourceBook } from './source-book.js';
import type { SourceDays } from './source-days.js';
import { createSourceDesk } from './source-desk.js';
import type { StorageSpace } from '../telemetry/storage-space.js';
import { createStorageTest } from './test-storage.js';
import { createThrottledReport } from '../telemetry/logger.js';

/** What is not kept yet, only this process can tell. */
const keepFiguresEveryMs = 10_000;
const failureMs = 5_000;
const hourMs = 60 * 60 * 1000;
/** Figures by the hour are shown for days; a season of them is kept for whoever asks later. */
const keepHoursMs = 92 * 24 * hourMs;
const sweptAtOnce = 500;

export interface OperatingParts {
  readonly config: Config;
  readonly store: MainStore;
  readonly secrets: SecretBook;
  readonly book: SourceBook;
  readonly figures: FigureBuffer;
  readonly days: SourceDays;
  readonly publicUrl: () => string;
  /** Where this process itself listens, without a trailing slash. */
  readonly nearUrl: () => string;
  /** Recordings may be fetched from this port of loopback; undefined: no more. */
  readonly allowStorage: (port: number | undefined) => void;
  readonly assets: AssetStorage;
  readonly space: StorageSpace;
  readonly metrics: Pick<Metrics, 'recentSamples'>;
  readonly status: () => Promise<ServiceStatus>;
  readonly notifier: EntryNotifier;
  readonly log: Logger;
  readonly clock: Clock;
  readonly stopwatch: Clock;
}

export interface Operating {
  /** What the routes of operators and administrators need. */
  readonly deps: SourceRoutesDeps &
    DemoRoutesDeps &
    Pick<OverviewRoutesDeps, 'overview' | 'live'> &
    SettingsRoutesDeps &
    Pick<CommentRoutesDeps, 'newId'>;
  /** Other processes changed the sources. */
  sourcesChanged(): void;
  /** Ends what works in the background; before the threads that it works with. */
  stop(): Promise<void>;
  /** Follows the sources and keeps the figures, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** What is for those who run Earshot: sources, figures, how it goes, settings. */
export function createOperating(parts: OperatingParts): Operating {
  const { config, store, secrets, book, figures, log, clock, stopwatch } = parts;
  // Our own address, by our own settings: wherever that leads, nothing that a stranger wrote does.
  const client = createGuardedClient({ guard: { allows: () => true }, maxIdle: 0 });
  const { sources, sourceLimits, shared } = store;
  const alarm = new Alarm();
  const newId = (): string => randomUUID();
  const sourceDesk = createSourceDesk({
    ...{ config, sources, sourceLimits, shared, secrets, book, figures, days: parts.days, clock, newId },
    pushSample: (url) => pushOwnSample(url, client, stopwatch),
    newToken: makeSecret,
    publicUrl: parts.publicUrl,
    nearUrl: config.roles.includes('intake') ? parts.nearUrl : parts.publicUrl,
  });
  const demo = new DemoData({
    ...{ store, assets: parts.assets, roles: config.roles, nearUrl: parts.nearUrl, log, clock, stopwatch },
    timeZone: config.timeZone,
    newToken: makeSecret,
    onSources: () => takeOver({ config, sources, sourceLimits, secrets, book }),
    allowStorage: parts.allowStorage,
  });
  return {
    deps: {
      ...{ sourceDesk, newId, demo },
      overview: createOverview({
        ...{ ...store, figures, space: parts.space, clock },
        recentSamples: () => parts.metrics.recentSamples(),
      }),
      live: createLive(parts),
      settings: () => ({
        items: describeConfig({ ...config, publicUrl: parts.publicUrl() }).map(({ name, value, origin }) => ({
          name,
          value,
          origin,
        })),
      }),
      testStorage: createStorageTest({ config, assets: parts.assets, clock, stopwatch }),
    },
    sourcesChanged: () => {
      alarm.ring();
    },
    stop: () => demo.close(),
    run: async (signal) => {
      await Promise.all([
        followSources({ config, sources, sourceLimits, secrets, book, alarm, log }, signal),
        keepFigures(parts, signal),
      ]);
      client.close();
    },
  };
}

function createLive({ store, status, notifier, log, stopwatch }: OperatingParts): LiveEvents {
  const onFailure = createThrottledReport((error, failures) => {
    log.warn({ err: error, failures }, 'Those who listen live could not be told how it goes.');
  }, stopwatch);
  return new LiveEvents({
    status: async () => toStatusJson(await status()),
    journal: store.journal,
    jobs: store.jobs,
    notifier,
    onFailure,
  });
}

async function keepFigures(
  { figures, days, store, log, clock, stopwatch }: OperatingParts,
  signal: AbortSignal,
): Promise<void> {
  let sweptAt = -Infinity;
  const step = async (): Promise<boolean> => {
    await figures.flush();
    await days.flush();
    if (stopwatch() - sweptAt < hourMs) return false;
    await store.hours.sweep(clock() - keepHoursMs, sweptAtOnce);
    sweptAt = stopwatch();
    return false;
  };
  const onFailure = (error: unknown): void => {
    log.warn({ err: error }, 'The figures of the last minutes could not be kept; it is tried again.');
  };
  await runConsumer({ step, idleMs: keepFiguresEveryMs, failureMs, onFailure }, signal);
  // What came since. A stop waits for it no longer than for the store's ordinary answer.
  await inGoodTime(figures.flush()).catch(() => undefined);
}
