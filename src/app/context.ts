import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import { createHttpServer, type HttpServer } from '../http/create-http-server.js';
import { EntryNotifier } from '../live/entry-notifier.js';
import { createMetrics } from '../telemetry/metrics.js';
import { createSpoolMetrics } from '../telemetry/intake-metrics.js';
import { LinkKeyring } from '../publish/link-keyring.js';
import type { AppendResult } from '../store/journal.js';
import type { ProcessReport } from '../store/shared-roles.js';
import { createPeople } from './access.js';
import { createServing } from './serving.js';
import { findFfmpeg, version } from '../settings/environment.js';
import { type Config, toNearUrl, toUrl } from '../settings/config.js';
import { createFigureBuffer } from '../telemetry/figure-buffer.js';
import { createSending, followLinkKeys } from './sending.js';
import { UsageTracker } from '../sources/source-limits.js';
import { openSourceRegistry } from '../sources/source-sync.js';
import { createMessageHandler, RoleThreads } from './threads/role-threads.js';
import { createIntakeNeed, createStorageSpace } from '../telemetry/storage-space.js';
import type { MainStore } from './open-store.js';
import { openStorage } from './open-storage.js';
import { Presence } from '../telemetry/presence.js';
import { createOperating } from './operating.js';
import { createPublishing } from './publishing.js';
import { mostClockMs } from '../telemetry/readiness.js';
import { createReceiving, tellOverLimit } from './receiving.js';
import type { SecretRegistry } from '../sources/secret-registry.js';
import { createStatus } from '../telemetry/status.js';
import type { StoreWatch } from '../telemetry/store-watch.js';
import {
  endpointsChangedMessage,
  entriesMessage,
  jobsChangedMessage,
  toDemoStorageMessage,
} from '../runtime/thread-messages.js';

/** Where the console's build lies beside the compiled server; there is none beside the sources. */
const consoleFolder = fileURLToPath(new URL('../console/', import.meta.url));
const dayMs = 24 * 60 * 60 * 1000;

export interface Context {
  readonly http: HttpServer;
  readonly threads: RoleThreads;
  /** Tells the others of this process; absent where there can be no others. */
  readonly presence: Presence | undefined;
  /** From now on /readyz says that this process stops, and answers end their connections. */
  drain(): void;
  /** Resolves once every push that was taken has its answer. */
  flush(): Promise<void>;
  /** Closes what was opened, in reverse; the store is its opener's. */
  close(): Promise<void>;
}

/** The one place that builds things: everything with I/O that a server consists of, in order, on an open store. */
export async function createContext(
  config: Config,
  store: MainStore,
  watch: StoreWatch,
  secrets: SecretRegistry,
  log: Logger,
  clock: Clock,
): Promise<Context> {
  const assets = await openStorage(config, createIntakeNeed(store.hours, clock));
  const metrics = createMetrics(clock, version);
  // Waits are measured by a clock that is never set.
  const stopwatch: Clock = () => performance.now();
  const startedAt = clock();
  const instance = randomUUID();
  const { roles } = config;
  const registry = await openSourceRegistry(config, store, secrets, clock);
  const figures = createFigureBuffer(store.hours, store.sources, clock);
  const days = new UsageTracker({
    sourceLimits: store.sourceLimits,
    limitOf: (source) => registry.limitOf(source),
    onOverLimit: tellOverLimit(log, (act) => people.area.auditor.record(act)),
    ...{ timeZone: config.timeZone, clock },
  });
  const receiving = createReceiving({
    ...{ store, isOn: roles.includes('intake'), watch, metrics, log, clock, stopwatch },
    readPath: (url) => registry.readPath(url),
    days,
    onStored: (source, bytes) => {
      figures.pushed(source, bytes);
    },
  });
  const publicUrl = (): string => config.publicUrl ?? toUrl(http.address ?? config);
  const nearUrl = (): string => toNearUrl(http.address ?? config);
  const notifier = new EntryNotifier(store.journal);
  const links = new LinkKeyring({
    linkKeys: store.linkKeys,
    writer: { linkKeys: store.linkKeysWriter, randomBytes },
    publicUrl,
    linkMs: config.linkDays * dayMs,
    clock,
  });
  const userAgent = `Earshot/${version}`;
  const sending = createSending({
    ...{ config, store, userAgent, clock, stopwatch },
    onEndpointsChanged: () => {
      threads.post(endpointsChangedMessage);
    },
  });
  const people = await createPeople({
    ...{ config, store, publicUrl, version, clock },
    administratorKeyHash: () => secrets.keyHash,
  });
  const onPublished = (result: AppendResult, bytes: number): void => {
    metrics.sorted(result);
    figures.sorted(result.appended);
    if (bytes > 0) {
      metrics.archived(bytes);
      figures.archived(bytes);
    }
    notifier.notify();
  };

  let served: number | undefined;
  const spoolMetrics = store.inboxState && createSpoolMetrics(metrics.registry, store.inboxState);
  const onDrained = (pushes: number): void => spoolMetrics?.drained(pushes);
  const space = createStorageSpace(assets);
  const onServing = (endpoints: number): void => {
    served = endpoints;
  };
  const onMessage = createMessageHandler(metrics, figures, notifier, onDrained, onServing, space);
  const threads = new RoleThreads({ config, store, instance, publicUrl, userAgent, log, onMessage });
  const sharedClock = store.shared?.toSharedClock(clock) ?? clock;
  const describe = async (): Promise<ProcessReport> => {
    const inbox = await store.inboxState?.();
    return {
      ...{
        id: instance,
        host: hostname(),
        pid: process.pid,
        roles,
        version,
        startedAt,
        seenAt: sharedClock(),
      },
      ...(inbox ? { inbox } : {}),
      ...(served === undefined ? {} : { endpoints: served }),
    };
  };
  const presence = store.shared && new Presence({ processes: store.shared.processes, describe, watch, log });
  let isStopping = false;

  const readiness = async () => {
    if (isStopping) return { ready: false, reason: 'This process is stopping.' };
    const isClockOff = Math.abs(sharedClock() - clock()) > mostClockMs;
    return { ...(await receiving.readiness()), isStorageFull: space.isFull(), isClockOff };
  };
  const status = createStatus({
    ...{ version, instance, startedAt, store, watch, describe, space, readiness, clock },
    recentIntake: () => metrics.recentIntake(),
    successRate: (endpointId) => metrics.successRate(endpointId),
  });
  const operating = createOperating({
    ...{ config, store, secrets, registry, figures, days, publicUrl, nearUrl, assets, space, metrics },
    ...{ readiness, status, notifier, log, clock, stopwatch },
    allowStorage: (port) => {
      threads.post(toDemoStorageMessage(port));
    },
  });
  const serving = createServing({
    ...{ store, assets, links, ffmpeg: findFfmpeg(), clock },
    onJobsChanged: () => {
      threads.post(jobsChangedMessage);
    },
  });
  const http: HttpServer = createHttpServer({
    server: {
      intake: receiving.intake,
      logger: log,
      trustedProxies: config.trustedProxies,
      serves: { api: roles.includes('api') },
      consoleFiles: { folder: consoleFolder, createNonce: () => randomBytes(18).toString('base64') },
    },
    people: people.area,
    ...serving,
    messages: createPublishing({ config, store, assets, links, notifier, clock, onPublished }),
    delivery: sending.area,
    sources: operating.sources,
    service: operating.service,
  });

  const stopListening = store.shared?.wakeUps.listen((wakeUp) => {
    switch (wakeUp) {
      case 'entries':
        notifier.notify();
        threads.post(entriesMessage);
        return;
      case 'endpoints':
        threads.post(endpointsChangedMessage);
        return;
      case 'sources':
        operating.sourcesChanged();
        return;
      case 'jobs':
        threads.post(jobsChangedMessage);
    }
  });
  // Asked once: if the store goes away before anybody else asks, there is something to tell.
  void store.ready.then(status).catch(() => undefined);
  const closing = new AbortController();
  const following = store.ready
    .then(() => Promise.all([followLinkKeys(links, log, closing.signal), operating.run(closing.signal)]))
    .catch(() => undefined);

  return {
    http,
    threads,
    presence,
    drain: () => {
      isStopping = true;
      void operating.stop();
      http.drain();
    },
    flush: () => receiving.flush(),
    close: async () => {
      closing.abort();
      stopListening?.();
      await Promise.all([following, operating.stop()]);
      sending.close();
      people.close();
    },
  };
}
