import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import type { ServiceArea, SourceArea } from '../http/areas.js';
import type { EntryNotifier } from '../live/entry-notifier.js';
import { LiveEvents } from '../live/live-events.js';
import type { Metrics } from '../telemetry/metrics.js';
import { toStatusJson } from '../http/status-json.js';
import type { ServiceStatus } from '../telemetry/status.js';
import { createGuardedClient } from '../net/guarded-fetch.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import { WakeSignal, runConsumer } from '../runtime/consumer-loop.js';
import { describeConfig } from '../settings/describe-settings.js';
import type { Config } from '../settings/config.js';
import type { FigureBuffer } from '../telemetry/figure-buffer.js';
import { DemoData } from './demo/demo-data.js';
import { syncSources } from '../sources/source-sync.js';
import { inGoodTime } from '../telemetry/store-watch.js';
import type { MainStore } from './open-store.js';
import { createOverview } from '../telemetry/overview.js';
import { createSourceService, pushOwnSample } from '../sources/source-service.js';
import type { SecretRegistry } from '../sources/secret-registry.js';
import { makeSecret } from '../sources/secrets.js';
import type { SourceRegistry } from '../sources/source-registry.js';
import type { UsageTracker } from '../sources/source-limits.js';
import type { StorageSpace } from '../telemetry/storage-space.js';
import { createStorageTest } from './open-storage.js';
import { createThrottledReport } from '../telemetry/logger.js';

/** A source that another process made or removed is noticed within this time, if no wake-up comes. */
const followSourcesEveryMs = 5_000;
/** What is not kept yet, only this process can tell. */
const keepFiguresEveryMs = 10_000;
const failureMs = 5_000;
const hourMs = 60 * 60 * 1000;
/** Figures by the hour are shown for days; a season of them is kept. */
const keepHoursMs = 92 * 24 * hourMs;
const sweptAtOnce = 500;

export interface OperatingParts {
  readonly config: Config;
  readonly store: MainStore;
  readonly secrets: SecretRegistry;
  readonly registry: SourceRegistry;
  readonly figures: FigureBuffer;
  readonly days: UsageTracker;
  readonly publicUrl: () => string;
  /** Where this process itself listens, without a trailing slash. */
  readonly nearUrl: () => string;
  /** Recordings may be fetched from this port of loopback; undefined: no more. */
  readonly allowStorage: (port: number | undefined) => void;
  readonly assets: AssetStorage;
  readonly space: StorageSpace;
  readonly metrics: Metrics;
  readonly readiness: ServiceArea['readiness'];
  readonly status: () => Promise<ServiceStatus>;
  readonly notifier: EntryNotifier;
  readonly log: Logger;
  readonly clock: Clock;
  readonly stopwatch: Clock;
}

export interface Operating {
  readonly sources: SourceArea;
  readonly service: ServiceArea;
  /** Other processes changed the sources. */
  sourcesChanged(): void;
  /** Ends what works in the background; before the threads that it works with. */
  stop(): Promise<void>;
  /** Follows the sources and keeps the figures, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/** Sources and the service itself for the API, and the loops behind them. */
export function createOperating(parts: OperatingParts): Operating {
  const { config, store, secrets, registry, figures, metrics, log, clock, stopwatch } = parts;
  // Our own address, by our own settings: wherever that leads, nothing that a stranger wrote does.
  const client = createGuardedClient({ guard: { allows: () => true }, maxIdle: 0 });
  const { sources, sourceLimits, shared } = store;
  const wake = new WakeSignal();
  const sourceService = createSourceService({
    ...{ config, sources, sourceLimits, shared, secrets, registry, figures, days: parts.days, clock },
    newId: () => randomUUID(),
    pushSample: (url) => pushOwnSample(url, client, stopwatch),
    newToken: makeSecret,
    publicUrl: parts.publicUrl,
    nearUrl: config.roles.includes('intake') ? parts.nearUrl : parts.publicUrl,
  });
  const demo = new DemoData({
    ...{ store, assets: parts.assets, roles: config.roles, nearUrl: parts.nearUrl, log, clock, stopwatch },
    timeZone: config.timeZone,
    newToken: makeSecret,
    onSources: () => syncSources({ config, sources, sourceLimits, secrets, registry }),
    allowStorage: parts.allowStorage,
  });
  return {
    sources: { sources: sourceService },
    service: {
      readiness: parts.readiness,
      status: parts.status,
      overview: createOverview({
        ...{ recordings: store.recordings, hours: store.hours, sources, figures, space: parts.space, clock },
        recentSamples: () => metrics.recentSamples(),
      }),
      metrics,
      live: createLive(parts),
      sessions: store.sessions,
      settings: () => ({
        items: describeConfig({ ...config, publicUrl: parts.publicUrl() }).map(({ name, value, origin }) => ({
          name,
          value,
          origin,
        })),
      }),
      testStorage: createStorageTest({ config, assets: parts.assets, clock, stopwatch }),
      ...{ demo, clock },
    },
    sourcesChanged: () => {
      wake.wake();
    },
    stop: () => demo.close(),
    run: async (signal) => {
      await Promise.all([followSources(parts, wake, signal), keepFigures(parts, signal)]);
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

/** Keeps the sources up to date until `signal` aborts. */
function followSources(
  { config, store, secrets, registry, log }: OperatingParts,
  wake: WakeSignal,
  signal: AbortSignal,
): Promise<void> {
  const { sources, sourceLimits } = store;
  const step = async (): Promise<boolean> => {
    await syncSources({ config, sources, sourceLimits, secrets, registry });
    return false;
  };
  const onFailure = (error: unknown): void => {
    log.warn({ err: error }, 'The sources could not be read; it is tried again.');
  };
  const idleMs = followSourcesEveryMs;
  return runConsumer({ step, idleMs, failureMs: idleMs, onFailure, wake }, signal);
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
