import { randomUUID } from 'node:crypto';
import { createFigureBuffer } from '../../src/telemetry/figure-buffer.js';
import { createStorageSpace } from '../../src/telemetry/storage-space.js';
import { createOverview } from '../../src/telemetry/overview.js';
import { createSourceService, pushOwnSample } from '../../src/sources/source-service.js';
import { SecretRegistry } from '../../src/sources/secret-registry.js';
import { makeSecret } from '../../src/sources/secrets.js';
import { SourceRegistry } from '../../src/sources/source-registry.js';
import { UsageTracker } from '../../src/sources/source-limits.js';
import { createStorageTest } from '../../src/app/open-storage.js';
import type { Clock } from '../../src/domain/clock.js';
import type { EntryNotifier } from '../../src/live/entry-notifier.js';
import { toStatusJson } from '../../src/http/status-json.js';
import type { ServiceArea, SourceArea } from '../../src/http/areas.js';
import { LiveEvents } from '../../src/live/live-events.js';
import type { Metrics } from '../../src/telemetry/metrics.js';
import { createGuardedClient } from '../../src/net/guarded-fetch.js';
import type { ServiceStatus } from '../../src/telemetry/status.js';
import type { AssetStorage } from '../../src/storage/asset-storage.js';
import type { Store } from '../../src/store/store.js';

export const pushToken = 'push-token-0123456789';

export interface OperatingTestParts {
  readonly store: Omit<Store, 'close'>;
  readonly assets: AssetStorage;
  readonly metrics: Pick<Metrics, 'recentSamples'>;
  readonly notifier: EntryNotifier;
  readonly status: () => Promise<ServiceStatus>;
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly clock: Clock;
}

/** What operators have beside the store, as it is in a server: sources in force, figures on their way. */
export function openOperatingDeps(parts: OperatingTestParts) {
  const { store, assets, metrics, notifier, status, dataDir, publicUrl, clock } = parts;
  const secrets = new SecretRegistry({ pushToken, apiKey: 'not asked for here' });
  const registry = new SourceRegistry(secrets, false, { sources: [], limits: [] }, clock);
  const days = new UsageTracker({
    sourceLimits: store.sourceLimits,
    limitOf: (source) => registry.limitOf(source),
    onOverLimit: () => undefined,
    ...{ timeZone: 'Asia/Shanghai', clock },
  });
  const figures = createFigureBuffer(store.hours, store.sources, clock);
  const near = { url: publicUrl };
  const newId = (): string => randomUUID();
  const client = createGuardedClient({ guard: { allows: () => true }, maxIdle: 0 });
  const sourceService = createSourceService({
    pushSample: (url) => pushOwnSample(url, client, () => performance.now()),
    ...{
      config: { dataDir },
      sources: store.sources,
      sourceLimits: store.sourceLimits,
      shared: undefined,
      secrets,
      registry,
      figures,
      days,
      clock,
      newId,
    },
    ...{ newToken: makeSecret, publicUrl: () => publicUrl, nearUrl: () => near.url },
  });
  const noStorageSetting = { storageUrl: undefined, s3AccessKeyId: undefined, s3SecretAccessKey: undefined };
  const failures: unknown[] = [];
  const looks = { status: 0 };
  const look = (): Promise<ServiceStatus> => {
    looks.status++;
    return status();
  };
  // Demo data need every part of a server: test/e2e/demo-data.all.test.ts.
  const nothing = { state: 'absent', canLoad: false, calls: 0, wanted: 200, archived: 0 } as const;
  const tell = () => Promise.resolve(nothing);
  const service = {
    demo: { state: tell, load: tell, remove: tell },
    overview: createOverview({
      ...{ ...store, figures, space: createStorageSpace(assets), clock },
      recentSamples: () => metrics.recentSamples(),
    }),
    live: new LiveEvents({
      ...{
        status: async () => toStatusJson(await look()),
        journal: store.journal,
        jobs: store.jobs,
        notifier,
      },
      onFailure: (error) => failures.push(error),
    }),
    settings: () => ({ items: [{ name: 'EARSHOT_PORT', value: '8080', origin: 'default' }] }),
    testStorage: createStorageTest({
      ...{ config: { dataDir, ...noStorageSetting }, assets, clock, stopwatch: () => performance.now() },
    }),
  } satisfies Partial<ServiceArea>;
  return {
    sources: { sources: sourceService } satisfies SourceArea,
    service,
    registry,
    days,
    figures,
    near,
    failures,
    looks,
  };
}
