import { parentPort, workerData } from 'node:worker_threads';
import { createArchiver } from '../../archive/archiver.js';
import { defaultArchiverSettings } from '../../archive/archiver-settings.js';
import { createGuardedClient } from '../../net/guarded-fetch.js';
import { createAddressGuard } from '../../net/address-guard.js';
import { createHostFilter } from '../../net/host-pattern.js';
import { openThreadRoles, type StorePorts } from '../../store/sqlite/thread-roles.js';
import { yieldToIntake } from '../../store/sqlite/thread-priority.js';
import { createLogger } from '../logger.js';
import { openStorage, type StorageConfig } from '../open-storage.js';
import type { LogLevel } from '../settings.js';
import { stopSignal, tell } from './thread-messages.js';

/** Thread of the archiver: streams, hashes and verifies downloads, away from intake. */
export interface ArchiveThreadData {
  readonly ports: StorePorts;
  readonly storage: StorageConfig;
  readonly timeZone: string;
  readonly logLevel: LogLevel;
  readonly recordingHosts: readonly string[];
  readonly allowNetworks: readonly string[];
  readonly downloads: number;
  readonly downloadsPerHost: number;
  readonly maxRecordingBytes: number;
}

if (!parentPort) throw new Error('archive-thread runs as a worker thread only');
const data = workerData as ArchiveThreadData;
yieldToIntake();
const log = createLogger(data.logLevel, 'archive');
const roles = openThreadRoles(data.ports);
const client = createGuardedClient({ guard: createAddressGuard(data.allowNetworks) });
const archiver = createArchiver({
  downloads: roles.downloads,
  storage: await openStorage(data.storage),
  client,
  allowsHost: createHostFilter(data.recordingHosts),
  clock: () => Date.now(),
  random: () => Math.random(),
  log,
  settings: {
    ...defaultArchiverSettings,
    concurrency: data.downloads,
    perHost: data.downloadsPerHost,
    maxBytes: data.maxRecordingBytes,
    timeZone: data.timeZone,
  },
  onAttempt: (attempt, verdict) => {
    tell({ kind: 'attempted', attempt, isArchived: verdict === 'archived' });
  },
});

const signal = stopSignal(parentPort);
archiver.start();
await new Promise((resolve) => {
  signal.addEventListener('abort', resolve);
});
await archiver.stop();
client.close();
roles.close();
parentPort.close();
