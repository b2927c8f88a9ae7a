import { pino } from 'pino';
import { afterEach, beforeEach, it } from 'vitest';
import { createArchiver, type Archiver } from '../../src/archive/archiver.js';
import { defaultArchiverSettings } from '../../src/archive/archiver-settings.js';
import { makeWav } from '../support/audio-samples.js';
import { openDownloadBench, sendObject } from '../support/download-bench.js';
import { makeLink, recordOf } from '../support/make-message.js';
import { openTemporaryStore, testStart, type TemporaryStore } from '../support/temporary-store.js';
import { openTestClient } from '../support/test-client.js';
import { until } from '../support/until.js';
import { drive } from './store-under-test.js';

const day = 86_400_000;
const good = 'good.example';

let bench: Awaited<ReturnType<typeof openDownloadBench>>;
let store: TemporaryStore;
let archiver: Archiver | undefined;
beforeEach(async () => {
  bench = await openDownloadBench();
  store = openTemporaryStore();
});
afterEach(async () => {
  await archiver?.stop();
  archiver = undefined;
  store.close();
  await bench.close();
});

/** Each host has several recordings, and those of silent ones have earlier deadlines. */
async function archiveBeside(silentHosts: readonly string[], headTimeoutMs: number): Promise<void> {
  const silentPort = await bench.peers.serve(() => undefined);
  const goodPort = await bench.peers.serve((_, response) => sendObject(response, makeWav({ seconds: 1 })));
  const of = (host: string, port: number, days: number) =>
    Array.from({ length: 6 }, (_, index) => {
      const link = makeLink(`${index}.wav`, testStart + days * day, 'a', `http://${host}:${port}`);
      return recordOf(`${host}^${index}`, { recordFile: link });
    });
  const driven = drive({
    ...store,
    reopen: () => Promise.reject(new Error('no')),
    close: () => Promise.resolve(),
  });
  await driven.take(...silentHosts.flatMap((host) => of(host, silentPort, 1)), ...of(good, goodPort, 3));
  const hosts = Object.fromEntries([...silentHosts, good].map((host) => [host, ['127.0.0.1']]));
  archiver = createArchiver({
    ...{ downloads: store.downloads, recordings: store.recordings, recordingsWriter: store.recordingsWriter },
    ...{ storage: bench.storage, client: openTestClient({ hosts }).client },
    ...{ allowsHost: () => true, hostsOf: () => () => true },
    ...{ dayOf: () => ({ recordingBytes: 0, recordingBytesPerDay: undefined }), onBytes: () => undefined },
    ...{ clock: () => testStart, stopwatch: () => performance.now(), random: () => 0.5 },
    log: pino({ level: 'silent' }),
    settings: { ...defaultArchiverSettings, pollMs: 10, headTimeoutMs },
  });
  archiver.start();
}

const archived = async () =>
  (await store.recordings.list({ state: 'archived', limit: 100 })).items.filter(({ host }) =>
    host.startsWith(good),
  );

it('recordings of a good host are archived beside hosts that have not answered yet', async () => {
  await archiveBeside(
    Array.from({ length: 7 }, (_, index) => `silent-${index}.example`),
    3_600_000,
  );
  await until(async () => (await archived()).length === 6, { what: 'all of the good host are archived' });
});

it('recordings of a good host are archived beside more hosts that never answer than there are slots', async () => {
  await archiveBeside(
    Array.from({ length: 20 }, (_, index) => `silent-${index}.example`),
    100,
  );
  await until(async () => (await archived()).length === 6, { what: 'all of the good host are archived' });
});
