import { randomBytes, randomUUID } from 'node:crypto';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { Logger } from 'pino';
import type { Clock } from '../domain/clock.js';
import { createHttpServer, type HttpServer } from '../http/create-http-server.js';
import { EntryBell } from '../http/entry-bell.js';
import { createMetrics } from '../http/metrics.js';
import { GroupCommit } from '../intake/group-commit.js';
import { Intake } from '../intake/intake.js';
import { createPushPathReader } from '../intake/push-path.js';
import { LinkKeyring } from '../publish/link-keyring.js';
import { retryQuarantined } from '../sort/retry-quarantined.js';
import type { AppendResult } from '../store/journal.js';
import { InboxFileReader } from '../store/sqlite/inbox-reader.js';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.js';
import { sqliteFilesIn } from '../store/sqlite/sqlite-files.js';
import { roomyYoungGeneration, smallYoungGeneration } from '../store/sqlite/thread-memory.js';
import type { Config } from './config.js';
import { runConsumer } from './consumer-loop.js';
import { openStorage } from './open-storage.js';
import { createPublishing } from './publishing.js';
import { createReadiness } from './readiness.js';
import { hashOfKey, type Secrets } from './secrets.js';
import { createSending } from './sending.js';
import { readStatus } from './status.js';
import { superviseThread, type SupervisedThread } from './supervised-thread.js';
import type { ArchiveThreadData } from './threads/archive-thread.js';
import type { DeliverThreadData } from './threads/deliver-thread.js';
import { createThrottledReport } from './throttled-report.js';
import type { PipelineThreadData } from './threads/pipeline-thread.js';
import { endpointsChangedMessage, type ThreadMessage } from './threads/thread-messages.js';
import { version } from './version.js';

/** The bound of a push, as sent (interface, HTTP). */
const maxBodyBytes = 64 * 1024 * 1024;
/** Two of the largest pushes at the same time; beyond, the answer is 503, not more memory. */
const maxArrivingBytes = 2 * maxBodyBytes;
const dayMs = 24 * 60 * 60 * 1000;

export interface Context {
  readonly http: HttpServer;
  /** Resolves once the store behind the inbox is open; rejects where it cannot be. */
  readonly ready: Promise<void>;
  /** Starts the threads behind intake. */
  startThreads(): readonly SupervisedThread[];
  /** Resolves once every push that was taken has its answer. */
  flush(): Promise<void>;
  /** Closes what was opened, in reverse. */
  close(): Promise<void>;
}

/** The one place that builds things: everything with I/O that a server consists of, in order. */
export async function createContext(
  config: Config,
  secrets: Secrets,
  log: Logger,
  clock: Clock,
): Promise<Context> {
  const store = await openSqliteStore(config.dataDir, (error) => {
    log.fatal(
      { err: error },
      'A thread of the store died. Earshot stops: a supervisor should start it again.',
    );
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  });
  const inboxReader = new InboxFileReader(sqliteFilesIn(config.dataDir).inbox);
  const assets = await openStorage(config);
  const metrics = createMetrics(clock);
  const onRefused = createThrottledReport((error, groups) => {
    log.error(
      { err: error, groups },
      'Pushes could not be stored and were answered 503; the next ones are tried anew.',
    );
  }, clock);
  // Waits are measured by a clock that nobody sets.
  const stopwatch: Clock = () => performance.now();
  const commit = new GroupCommit(store.inbox, stopwatch, onRefused);
  const intake = new Intake({
    readPath: createPushPathReader([{ name: 'default', token: secrets.pushToken }]),
    commit,
    clock,
    onAnswered: (status, ms, bytes) => {
      metrics.pushAnswered(status, ms, bytes);
    },
    maxBodyBytes,
    maxArrivingBytes,
  });
  const startedAt = clock();
  const instance = randomUUID();
  const bell = new EntryBell(store.journal);
  const links = new LinkKeyring({
    linkKeys: store.linkKeys,
    writer: { linkKeys: store.linkKeysWriter, randomBytes },
    publicUrl: () => publicUrl(),
    linkMs: config.linkDays * dayMs,
    clock,
  });
  const userAgent = `Earshot/${version}`;
  const sending = createSending({ config, store, userAgent, clock, stopwatch });
  let deliverThread: SupervisedThread | undefined;
  const onPublished = (result: AppendResult, bytes: number): void => {
    metrics.sorted(result);
    if (bytes > 0) metrics.archived(bytes);
    bell.ring();
  };
  const publicUrl = (): string => config.publicUrl ?? toUrl(http.address ?? config);
  const http: HttpServer = createHttpServer({
    ...store,
    assets,
    intake,
    metrics,
    links,
    bell,
    clock,
    logger: log,
    version,
    administratorKeyHash: hashOfKey(secrets.apiKey),
    readiness: createReadiness(store.inbox, commit, stopwatch),
    status: () =>
      readStatus({
        version,
        instance,
        startedAt,
        store,
        inbox: inboxReader,
        assets,
        recentIntake: () => metrics.recentIntake(),
        successRate: (endpointId) => metrics.successRate(endpointId),
      }),
    retryQuarantined: (id, body) => retryQuarantined(store, id, body),
    ...sending,
    ...createPublishing({ config, store, assets, clock, onPublished }),
    onEndpointsChanged: () => {
      deliverThread?.post(endpointsChangedMessage);
    },
  });

  const onMessage = (message: ThreadMessage): void => {
    switch (message.kind) {
      case 'sorted':
        metrics.sorted(message);
        if (message.appended > 0) bell.ring();
        return;
      case 'attempted':
        metrics.downloadEnded(message.attempt);
        // Its event, if it made one, is in the journal.
        bell.ring();
        if (message.isArchived) metrics.archived((message.attempt.resumedFrom ?? 0) + message.attempt.bytes);
        return;
      case 'pushed':
        for (const attempt of message.attempts) metrics.deliveryEnded(attempt);
    }
  };

  const closing = new AbortController();
  const following = store.ready.then(() => followLinkKeys(links, log, closing.signal)).catch(() => undefined);

  return {
    http,
    ready: store.ready,
    startThreads: () => {
      const heard = { log, onMessage };
      const startDeliver = () => startDeliverThread(config, store.ports(), publicUrl(), userAgent);
      deliverThread = superviseThread('deliver', startDeliver, heard);
      return [
        superviseThread('pipeline', () => startPipeline(config, store.ports()), heard),
        superviseThread('archive', () => startArchive(config, store.ports()), heard),
        deliverThread,
      ];
    },
    flush: () => commit.flush(),
    close: async () => {
      closing.abort();
      await following;
      sending.close();
      inboxReader.close();
      await store.close();
    },
  };
}

/** As a URL, without a trailing slash. */
export function toUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** A rotation or revocation by another process is noticed within this time. */
const followLinkKeysMs = 1_000;

function followLinkKeys(links: LinkKeyring, log: Logger, signal: AbortSignal): Promise<void> {
  const onFailure = (error: unknown): void => {
    log.warn({ err: error }, 'The keys of signed links could not be read or made; it is tried again.');
  };
  const step = () => links.step();
  return runConsumer({ step, idleMs: followLinkKeysMs, failureMs: followLinkKeysMs, onFailure }, signal);
}

type Ports = PipelineThreadData['ports'];

function startPipeline({ timeZone, keepPushesDays, logLevel }: Config, ports: Ports): Worker {
  const workerData: PipelineThreadData = { ports, timeZone, logLevel, keepPushesMs: keepPushesDays * dayMs };
  return startThread(new URL('./threads/pipeline-thread.js', import.meta.url), workerData);
}

function startArchive(config: Config, ports: Ports): Worker {
  const {
    timeZone,
    logLevel,
    recordingHosts,
    allowNetworks,
    downloads,
    downloadsPerHost,
    maxRecordingBytes,
  } = config;
  const workerData: ArchiveThreadData = {
    ports,
    storage: { dataDir: config.dataDir, storageUrl: config.storageUrl },
    timeZone,
    logLevel,
    recordingHosts,
    allowNetworks,
    downloads,
    downloadsPerHost,
    maxRecordingBytes,
  };
  return startThread(new URL('./threads/archive-thread.js', import.meta.url), workerData);
}

function startDeliverThread(
  { logLevel, allowNetworks, linkDays }: Config,
  ports: Ports,
  publicUrl: string,
  userAgent: string,
): Worker {
  const linkMs = linkDays * dayMs;
  const workerData: DeliverThreadData = { ports, logLevel, allowNetworks, publicUrl, linkMs, userAgent };
  return startThread(
    new URL('./threads/deliver-thread.js', import.meta.url),
    workerData,
    roomyYoungGeneration,
  );
}

function startThread(
  file: URL,
  workerData: { readonly ports: Ports },
  resourceLimits: ResourceLimits = smallYoungGeneration,
): Worker {
  const { inbox, writer } = workerData.ports;
  return new Worker(file, {
    workerData,
    transferList: [inbox, writer],
    resourceLimits,
  });
}
