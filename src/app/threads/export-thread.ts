import { defaultExporterSettings, Exporter, type ExporterDeps } from '../../export/exporter.js';
import { toCallJson } from '../../http/call-json.js';
import type { AssetStorage } from '../../storage/asset-storage.js';
import { WakeSignal, runConsumer } from '../../runtime/consumer-loop.js';
import { createIntakeNeed } from '../../telemetry/storage-space.js';
import { openStorage, type StorageConfig } from '../open-storage.js';
import { runThread, type ThreadData } from './run-thread.js';
import { jobsChangedMessage } from '../../runtime/thread-messages.js';

/** Thread of the exporter: tables and ZIPs, one at a time, away from the API that they are asked of. */
export interface ExportThreadData extends ThreadData {
  readonly storage: StorageConfig;
  readonly timeZone: string;
  readonly keepMs: number;
}

/** Behind the message that there is something to do. */
const idleMs = 2_000;
const failureMs = 5_000;
const expireEveryMs = 60_000;

await runThread<ExportThreadData>('export', async ({ data, store, log, clock, signal, listen }) => {
  const wake = new WakeSignal();
  const exporter = new Exporter({
    jobs: store.jobWork,
    calls: store.calls,
    tags: store.tags,
    storage: openWhenNeeded(data.storage, createIntakeNeed(store.hours, clock)),
    toJson: (call) => toCallJson(call, call.tags.length > 0 ? call.tags : undefined),
    timeZone: data.timeZone,
    settings: { ...defaultExporterSettings, leaseMs: data.leaseMs, keepMs: data.keepMs },
    ...{ clock, stopwatch: () => performance.now(), log },
  });
  listen((message) => {
    if (message === jobsChangedMessage) wake.wake();
  });
  const onFailure = (error: unknown): void => {
    log.warn({ err: error }, 'Exports cannot be made now; they are tried again and again.');
  };
  const step = () => exporter.step(signal);
  const expire = () => exporter.expire();
  await Promise.all([
    runConsumer({ step, idleMs, failureMs, onFailure, wake }, signal),
    runConsumer({ step: expire, idleMs: expireEveryMs, failureMs, onFailure }, signal),
  ]);
});

/** The client of an object storage is large, and most of the time nothing is exported. */
function openWhenNeeded(config: StorageConfig, dayBytes: () => Promise<number>): ExporterDeps['storage'] {
  let opening: Promise<AssetStorage> | undefined;
  const open = (): Promise<AssetStorage> =>
    (opening ??= openStorage(config, dayBytes).catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  return {
    openDraft: async (id) => (await open()).openDraft(id),
    draftRoom: async () => (await open()).draftRoom(),
    read: async (fileName, range) => (await open()).read(fileName, range),
    remove: async (fileName) => (await open()).remove(fileName),
  };
}
