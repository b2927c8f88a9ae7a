import { Console } from 'node:console';
import { type Readable, Writable } from 'node:stream';
import { Analyser } from '../../analyse/analyser.js';
import { runConsumer } from '../../runtime/consumer-loop.js';
import { createDutyLeases, underDuty } from '../../runtime/duty-leases.js';
import type { AssetStorage } from '../../storage/asset-storage.js';
import { measureRoom } from '../../storage/disk-room.js';
import { yieldToOthers } from '../../store/sqlite/threads.js';
import { createIntakeNeed } from '../../telemetry/storage-space.js';
import { openStorage, type StorageConfig } from '../open-storage.js';
import { runThread, type ThreadData } from './run-thread.js';

/**
 * Thread of the analyser: waveforms of what was archived. Decoding takes whole milliseconds in which a thread does
 * nothing else. Where other processes work on the store, too, it is a duty that one of them has.
 */
export interface AnalyseThreadData extends ThreadData {
  readonly storage: StorageConfig;
  /** Where it lies; absent where there is none. */
  readonly ffmpeg?: string;
}

/** The waveform of a call that has just been archived is not urgent. */
const idleMs = 500;
/** The storage is away, or the store. */
const failureMs = 5_000;

// The MP3 decoder writes what it finds damaged to the console, where our log goes, and not as a log is written.
globalThis.console = new Console(new Writable({ write: (_chunk, _encoding, done) => done() }));

await runThread<AnalyseThreadData>('analyse', async (thread) => {
  const { data, store, log, signal } = thread;
  yieldToOthers();
  const leases = createDutyLeases(thread, ['analyse']);
  const tools = data.ffmpeg === undefined ? {} : { ffmpeg: data.ffmpeg };
  let storage: AssetStorage | undefined;
  const read = async (fileName: string): Promise<Readable> => {
    // Not before there is something to read: the client of an object storage is large.
    storage ??= await openStorage(data.storage);
    return storage.read(fileName);
  };
  const { dataDir } = data.storage;
  const reserve = { dataDir, dayBytes: createIntakeNeed(store.hours, thread.clock) };
  const hasRoom = async (): Promise<boolean> => (await measureRoom(dataDir, reserve)).roomBytes > 0;
  let reported: string | undefined;
  const step = underDuty(leases, 'analyse', () => {
    const analyser = new Analyser({ ...store, assets: { read }, tools, log, signal });
    return async () => {
      // Waveforms lie in the store: on a disk that is short, what is left of it is for pushes.
      if (data.store.kind === 'embedded' && !(await hasRoom())) return false;
      const hasMore = await analyser.step();
      reported = undefined;
      return hasMore;
    };
  });
  const onFailure = (error: unknown): void => {
    const { message } = error as Error;
    if (message !== reported)
      log.warn({ err: error }, 'Waveforms cannot be made now; the analyser tries again and again.');
    reported = message;
  };
  await Promise.all([leases?.run(signal), runConsumer({ step, idleMs, failureMs, onFailure }, signal)]);
  await leases?.release();
});
