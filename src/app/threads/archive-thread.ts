import { createArchiver } from '../../archive/archiver.js';
import { defaultArchiverSettings } from '../../archive/archiver-settings.js';
import { toLeaseTimes } from '../../domain/lease.js';
import { createAddressGuard } from '../../net/address-guard.js';
import { createGuardedClient } from '../../net/guarded-fetch.js';
import { createHostFilter } from '../../domain/host-pattern.js';
import type { SourceLimit } from '../../domain/source-limit.js';
import { runConsumer } from '../../runtime/consumer-loop.js';
import { SourceHosts, UsageTracker } from '../../sources/source-limits.js';
import { createDemoWayOut } from '../demo/demo-way-out.js';
import { createIntakeNeed } from '../../telemetry/storage-space.js';
import { openStorage, type StorageConfig } from '../open-storage.js';
import { runThread, type ThreadData } from './run-thread.js';
import { fromDemoStorageMessage, tell } from '../../runtime/thread-messages.js';

/** Thread of the archiver: streams, hashes and verifies downloads, away from intake. */
export interface ArchiveThreadData extends ThreadData {
  readonly storage: StorageConfig;
  readonly timeZone: string;
  readonly recordingHosts: readonly string[];
  readonly allowNetworks: readonly string[];
  readonly downloads: number;
  readonly downloadsPerHost: number;
  readonly maxRecordingBytes: number;
}

/** What an administrator has narrowed or widened holds within this time. */
const limitsEveryMs = 5_000;
const failureMs = 1_000;

await runThread<ArchiveThreadData>('archive', async ({ data, store, log, clock, signal, listen }) => {
  const client = createGuardedClient({ guard: createAddressGuard(data.allowNetworks) });
  const wayOut = createDemoWayOut(client, createHostFilter(data.recordingHosts));
  listen((message) => {
    const port = fromDemoStorageMessage(message);
    if (port !== null) wayOut.open(port);
  });
  const hosts = new SourceHosts();
  let limits: ReadonlyMap<string, SourceLimit> = new Map();
  const limitOf = (source: string): SourceLimit => limits.get(source) ?? {};
  // The main thread reads what is counted here and reports it.
  const onOverLimit = (): void => undefined;
  const { sourceLimits } = store;
  const days = new UsageTracker({ sourceLimits, limitOf, onOverLimit, timeZone: data.timeZone, clock });
  const archiver = createArchiver({
    downloads: store.downloads,
    recordings: store.recordings,
    recordingsWriter: store.recordingsWriter,
    storage: await openStorage(data.storage, createIntakeNeed(store.hours, clock)),
    client: wayOut.client,
    allowsHost: wayOut.allowsHost,
    hostsOf: (source) => hosts.of(source),
    dayOf: (source) => ({
      recordingBytes: days.of(source).recordingBytes,
      recordingBytesPerDay: limitOf(source).recordingBytesPerDay,
    }),
    onBytes: (source, bytes) => {
      days.brought(source, bytes);
    },
    clock,
    stopwatch: () => performance.now(),
    random: () => Math.random(),
    log,
    settings: {
      ...defaultArchiverSettings,
      ...toLeaseTimes(data.leaseMs),
      concurrency: data.downloads,
      perHost: data.downloadsPerHost,
      maxBytes: data.maxRecordingBytes,
      timeZone: data.timeZone,
    },
    onAttempt: (attempt, verdict, lostFor) => {
      const lost = lostFor === undefined ? {} : { lostFor };
      tell({ kind: 'attempted', attempt, isArchived: verdict === 'archived', ...lost });
    },
  });
  let isStarted = false;
  const step = async (): Promise<boolean> => {
    await days.flush();
    const told = await sourceLimits.list();
    limits = new Map(told.map((limit) => [limit.name, limit]));
    const hasChanged = hosts.replace(told);
    // Nothing is fetched before it is known what may be.
    if (!isStarted && !signal.aborted) archiver.start();
    else if (hasChanged) await archiver.unblock();
    isStarted = true;
    return false;
  };
  const onFailure = (error: unknown): void => {
    log.warn({ err: error }, 'The limits of sources could not be read; it is tried again.');
  };
  await runConsumer({ step, idleMs: limitsEveryMs, failureMs, onFailure }, signal);
  if (isStarted) await archiver.stop();
  await days.flush().catch(onFailure);
  wayOut.close();
  client.close();
});
