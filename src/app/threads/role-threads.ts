import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Logger } from 'pino';
import { hasUnanalysed } from '../../analyse/analyse-recording.js';
import type { EntryNotifier } from '../../live/entry-notifier.js';
import { runConsumer, WakeSignal } from '../../runtime/consumer-loop.js';
import { type SupervisedThread, superviseThread } from '../../runtime/supervised-thread.js';
import type { ThreadMessage } from '../../runtime/thread-messages.js';
import type { Config } from '../../settings/config.js';
import { findFfmpeg } from '../../settings/environment.js';
import type { ProcessRole } from '../../store/shared-roles.js';
import { roomyYoungGeneration, smallYoungGeneration } from '../../store/sqlite/threads.js';
import type { FigureBuffer } from '../../telemetry/figure-buffer.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { StorageSpace } from '../../telemetry/storage-space.js';
import { toStorageConfig } from '../open-storage.js';
import type { MainStore, ThreadName } from '../open-store.js';
import { transferredWith } from '../store-access.js';
import type { AnalyseThreadData } from './analyse-thread.js';
import type { ArchiveThreadData } from './archive-thread.js';
import type { DeliverThreadData } from './deliver-thread.js';
import type { ExportThreadData } from './export-thread.js';
import type { PipelineThreadData } from './pipeline-thread.js';
import type { ThreadData } from './run-thread.js';

const dayMs = 24 * 60 * 60 * 1000;

export interface RoleThreadsParts {
  readonly config: Config;
  readonly store: Pick<MainStore, 'accessFor'> & WorkStore;
  readonly instance: string;
  /** Asked when the threads start: a port that is any free one is known by then. */
  readonly publicUrl: () => string;
  readonly userAgent: string;
  readonly log: Logger;
  readonly onMessage: (message: ThreadMessage) => void;
}

/** How soon the first work of a thread is found without a message. */
const lookEveryMs = 1_000;
const failureMs = 5_000;

/**
 * The threads behind intake, of those roles that this process runs. A thread costs memory and a moment of the
 * processor: one that may never have anything to do starts with its first work.
 */
export class RoleThreads {
  readonly #parts: RoleThreadsParts;
  readonly #running: SupervisedThread[] = [];
  readonly #stopping = new AbortController();
  #wakes: readonly WakeSignal[] = [];

  constructor(parts: RoleThreadsParts) {
    this.#parts = parts;
  }

  start(): void {
    const kinds = threads.filter(({ role }) => this.#parts.config.roles.includes(role));
    for (const kind of kinds) if (!kind.findWork) this.#run(kind);
    this.#wakes = kinds.flatMap((kind) => (kind.findWork ? [this.#runOnceNeeded(kind, kind.findWork)] : []));
  }

  /** Sends a message to each thread; each ignores what does not concern it. */
  post(message: string): void {
    for (const thread of this.#running) thread.post(message);
    for (const wake of this.#wakes) wake.wake();
  }

  /** Asks all of them to finish, and ends those that have not after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#running.map((thread) => thread.stop(graceMs)));
  }

  #run(kind: ThreadKind): void {
    const { log, onMessage } = this.#parts;
    this.#running.push(superviseThread(kind.name, () => startThread(kind, this.#parts), { log, onMessage }));
  }

  #runOnceNeeded(kind: ThreadKind, findWork: WorkFinder): WakeSignal {
    const wake = new WakeSignal();
    const isStarted = new AbortController();
    const hasWork = findWork(this.#parts.store);
    const step = async (): Promise<boolean> => {
      if (!(await hasWork()) || this.#stopping.signal.aborted) return false;
      this.#parts.log.debug({ thread: kind.name }, 'A thread starts with its first work.');
      this.#run(kind);
      isStarted.abort();
      return false;
    };
    void runConsumer(
      // A store that is away is reported by those who do work on it.
      { step, idleMs: lookEveryMs, failureMs, onFailure: () => undefined, wake },
      AbortSignal.any([this.#stopping.signal, isStarted.signal]),
    );
    return wake;
  }
}

type WorkStore = Pick<
  MainStore,
  'journal' | 'waveforms' | 'waveformsWriter' | 'endpoints' | 'endpointsWriter' | 'jobs' | 'shared'
>;
/** Makes a question that is asked until its answer is yes: whether a thread has anything to do. */
type WorkFinder = (store: WorkStore) => () => Promise<boolean>;

interface ThreadKind {
  readonly name: ThreadName;
  readonly role: ProcessRole;
  readonly file: URL;
  readonly memory: ResourceLimits;
  /** Absent: it runs from the start. */
  readonly findWork?: WorkFinder;
  /** What it needs beside what every thread has. */
  readonly dataOf: (parts: RoleThreadsParts) => object;
}

const threads: readonly ThreadKind[] = [
  {
    name: 'pipeline',
    role: 'intake',
    file: new URL('./pipeline-thread.js', import.meta.url),
    memory: smallYoungGeneration,
    dataOf: ({ config: { timeZone, keepPushesDays, keepMonths, inbox, ...quarantine } }) =>
      ({
        timeZone,
        keepPushesMs: keepPushesDays * dayMs,
        keepQuarantineMs: quarantine.quarantineDays * dayMs,
        quarantineMaxBytes: quarantine.quarantineMaxBytes,
        keepMonths,
        drainLeavesRoom: inbox !== 'local',
      }) satisfies DataOf<PipelineThreadData>,
  },
  {
    name: 'archive',
    role: 'archive',
    file: new URL('./archive-thread.js', import.meta.url),
    memory: smallYoungGeneration,
    dataOf: ({ config }) => toArchiveData(config),
  },
  {
    name: 'analyse',
    role: 'archive',
    file: new URL('./analyse-thread.js', import.meta.url),
    memory: smallYoungGeneration,
    findWork: findUnanalysed,
    dataOf: ({ config }) => toAnalyseData(config),
  },
  {
    name: 'deliver',
    role: 'deliver',
    file: new URL('./deliver-thread.js', import.meta.url),
    memory: roomyYoungGeneration,
    findWork: findEndpoints,
    dataOf: ({ config: { endpointNetworks, linkDays }, publicUrl, userAgent }) =>
      ({
        endpointNetworks,
        linkMs: linkDays * dayMs,
        publicUrl: publicUrl(),
        userAgent,
      }) satisfies DataOf<DeliverThreadData>,
  },
  {
    name: 'export',
    role: 'api',
    file: new URL('./export-thread.js', import.meta.url),
    memory: smallYoungGeneration,
    // Of those that ended, files are still to be deleted.
    findWork:
      ({ jobs }) =>
      async () =>
        (await jobs.list({ limit: 1 })).items.length > 0,
    dataOf: (parts) => toExportData(parts.config),
  },
];

function findUnanalysed(store: WorkStore): () => Promise<boolean> {
  // Where processes share the work it is a duty, which one of them holds before there is anything to do.
  return store.shared ? () => Promise.resolve(true) : () => hasUnanalysed(store);
}

function findEndpoints({ endpoints, endpointsWriter }: WorkStore): () => Promise<boolean> {
  // What an endpoint that was removed left is deleted there, too.
  let hasLeftovers: boolean | undefined;
  return async () => {
    if ((await endpoints.list()).length > 0) return true;
    return (hasLeftovers ??= (await endpointsWriter.sweepRemoved(1)) > 0);
  };
}

type DataOf<Data extends ThreadData> = Omit<Data, keyof ThreadData>;

function toArchiveData(config: Config): DataOf<ArchiveThreadData> {
  const { timeZone, recordingHosts, allowNetworks } = config;
  const { downloads, downloadsPerHost, maxRecordingBytes } = config;
  return {
    storage: toStorageConfig(config),
    ...{ timeZone, recordingHosts, allowNetworks, downloads, downloadsPerHost, maxRecordingBytes },
  };
}

function toAnalyseData(config: Config): DataOf<AnalyseThreadData> {
  const ffmpeg = findFfmpeg();
  return { storage: toStorageConfig(config), ...(ffmpeg === undefined ? {} : { ffmpeg }) };
}

function toExportData(config: Config): DataOf<ExportThreadData> {
  const { timeZone, exportDays } = config;
  return { storage: toStorageConfig(config), timeZone, keepMs: exportDays * dayMs };
}

function startThread({ name, file, memory, dataOf }: ThreadKind, parts: RoleThreadsParts): Worker {
  const access = parts.store.accessFor(name);
  const { config, instance } = parts;
  const leaseMs = config.leaseSeconds * 1000;
  const data: ThreadData = { store: access, logLevel: config.logLevel, instance, leaseMs };
  return new Worker(file, {
    workerData: { ...data, ...dataOf(parts) },
    transferList: transferredWith(access),
    resourceLimits: memory,
  });
}

/** What the main thread makes of what the others tell: numbers, and a notification for readers that wait at the journal's end. */
export function createMessageHandler(
  metrics: Metrics,
  figures: Pick<FigureBuffer, 'sorted' | 'archived'>,
  notifier: Pick<EntryNotifier, 'notify'>,
  onDrained: (pushes: number) => void,
  onServing: (endpoints: number) => void,
  space: Pick<StorageSpace, 'heard'>,
): (message: ThreadMessage) => void {
  return (message) => {
    switch (message.kind) {
      case 'sorted':
        metrics.sorted(message);
        figures.sorted(message.appended);
        if (message.appended > 0) notifier.notify();
        return;
      case 'attempted':
        metrics.downloadEnded(message.attempt);
        space.heard(message.attempt);
        if (message.lostFor !== undefined) metrics.recordingLost(message.lostFor);
        // Its event, if it made one, is in the journal.
        notifier.notify();
        if (message.isArchived) {
          const bytes = (message.attempt.resumedFrom ?? 0) + message.attempt.bytes;
          metrics.archived(bytes);
          figures.archived(bytes);
        }
        return;
      case 'pushed':
        for (const attempt of message.attempts) metrics.deliveryEnded(attempt);
        return;
      case 'drained':
        onDrained(message.pushes);
        return;
      case 'serving':
        onServing(message.endpoints);
    }
  };
}
