import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { Logger } from 'pino';
import { roomyYoungGeneration, smallYoungGeneration } from '../store/sqlite/thread-memory.js';
import type { Config } from './config.js';
import { findFfmpeg } from './find-ffmpeg.js';
import type { MainStore, ThreadName } from './main-store.js';
import type { Role } from './roles.js';
import { transferredWith } from './store-access.js';
import { toStorageConfig } from './open-storage.js';
import { superviseThread, type SupervisedThread } from './supervised-thread.js';
import type { AnalyseThreadData } from './threads/analyse-thread.js';
import type { ArchiveThreadData } from './threads/archive-thread.js';
import type { DeliverThreadData } from './threads/deliver-thread.js';
import type { ExportThreadData } from './threads/export-thread.js';
import type { PipelineThreadData } from './threads/pipeline-thread.js';
import type { ThreadData } from './threads/run-thread.js';
import type { ThreadMessage } from './threads/thread-messages.js';

const dayMs = 24 * 60 * 60 * 1000;

export interface RoleThreadsParts {
  readonly config: Config;
  readonly store: Pick<MainStore, 'accessFor'>;
  readonly instance: string;
  /** Asked when the threads start: a port that is any free one is known by then. */
  readonly publicUrl: () => string;
  readonly userAgent: string;
  readonly log: Logger;
  readonly onMessage: (message: ThreadMessage) => void;
}

/** The threads behind intake, of those roles that this process runs. */
export class RoleThreads {
  readonly #parts: RoleThreadsParts;
  #running: readonly SupervisedThread[] = [];

  constructor(parts: RoleThreadsParts) {
    this.#parts = parts;
  }

  start(): void {
    const { config, log, onMessage } = this.#parts;
    this.#running = threads
      .filter(({ role }) => config.roles.includes(role))
      .map((thread) =>
        superviseThread(thread.name, () => startThread(thread, this.#parts), { log, onMessage }),
      );
  }

  /** Tells each of them something; whom it does not concern, pays no heed. */
  post(message: string): void {
    for (const thread of this.#running) thread.post(message);
  }

  /** Asks all of them to finish, and ends those that have not after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    await Promise.all(this.#running.map((thread) => thread.stop(graceMs)));
  }
}

interface ThreadKind {
  readonly name: ThreadName;
  readonly role: Role;
  readonly file: URL;
  readonly memory: ResourceLimits;
  /** What it needs beside what every thread has. */
  readonly dataOf: (parts: RoleThreadsParts) => object;
}

const threads: readonly ThreadKind[] = [
  {
    name: 'pipeline',
    role: 'intake',
    file: new URL('./threads/pipeline-thread.js', import.meta.url),
    memory: smallYoungGeneration,
    dataOf: ({ config: { timeZone, keepPushesDays, keepMonths, inbox } }) =>
      ({
        timeZone,
        keepPushesMs: keepPushesDays * dayMs,
        keepMonths,
        drainLeavesRoom: inbox !== 'local',
      }) satisfies DataOf<PipelineThreadData>,
  },
  {
    name: 'archive',
    role: 'archive',
    file: new URL('./threads/archive-thread.js', import.meta.url),
    memory: smallYoungGeneration,
    dataOf: ({ config }) => toArchiveData(config),
  },
  {
    name: 'analyse',
    role: 'archive',
    file: new URL('./threads/analyse-thread.js', import.meta.url),
    memory: smallYoungGeneration,
    dataOf: ({ config }) => toAnalyseData(config),
  },
  {
    name: 'deliver',
    role: 'deliver',
    file: new URL('./threads/deliver-thread.js', import.meta.url),
    memory: roomyYoungGeneration,
    dataOf: ({ config: { allowNetworks, linkDays }, publicUrl, userAgent }) =>
      ({
        allowNetworks,
        linkMs: linkDays * dayMs,
        publicUrl: publicUrl(),
        userAgent,
      }) satisfies DataOf<DeliverThreadData>,
  },
  {
    name: 'export',
    role: 'api',
    file: new URL('./threads/export-thread.js', import.meta.url),
    memory: smallYoungGeneration,
    dataOf: (parts) => toExportData(parts.config),
  },
];

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
