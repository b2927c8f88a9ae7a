import { randomUUID } from 'node:crypto';
import type { StorageTest } from '../contract/service.js';
import type { Clock } from '../domain/clock.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import { probeStorage } from '../storage/probe-storage.js';
import { parseS3Url } from '../storage/s3-url.js';
import { StorageError } from '../storage/storage-error.js';
import { checkStorage, isObjectStorage, recordingsDir, type StorageConfig } from './open-storage.js';

export interface StorageTestParts {
  readonly config: StorageConfig;
  readonly assets: AssetStorage;
  readonly clock: Clock;
  readonly stopwatch: Clock;
}

/** Finds out whether recordings can be kept, and says what to do where not. One test runs at a time. */
export function createStorageTest(parts: StorageTestParts): () => Promise<StorageTest> {
  let running: Promise<StorageTest> | undefined;
  return () =>
    (running ??= testStorage(parts).finally(() => {
      running = undefined;
    }));
}

async function testStorage({ config, assets, clock, stopwatch }: StorageTestParts): Promise<StorageTest> {
  const { storageUrl } = config;
  const part = isObjectStorage(storageUrl) ? { bytes: parseS3Url(storageUrl).partBytes } : {};
  const results = await probeStorage(assets, { probeId: randomUUID(), now: clock(), stopwatch, ...part });
  const steps: StorageTest['steps'] = [];
  for (const { name, durationMs, error } of results) {
    const told = { name, isFine: !error, durationMs: Math.round(durationMs * 10) / 10 };
    steps.push(error ? { ...told, detail: await adviseOn(error, config) } : told);
  }
  const isObject = isObjectStorage(config.storageUrl);
  return {
    isFine: steps.every(({ isFine }) => isFine),
    kind: isObject ? 's3' : 'disk',
    place: isObject ? (config.storageUrl ?? '') : recordingsDir(config),
    steps,
  };
}

async function adviseOn(error: Error, config: StorageConfig): Promise<string> {
  const isFull = error instanceof StorageError && error.code === 'no-space';
  if (isObjectStorage(config.storageUrl)) {
    const wrong = (await checkStorage(config).catch(() => undefined))?.wrong?.sentence;
    if (isFull) return `${wrong ?? `There is no space left: ${error.message}.`} ${meanwhile}`;
    if (wrong !== undefined) return `${wrong} ${remedyOfObjects}`;
  }
  if (!(error instanceof StorageError)) return 'It failed in a way that is not known; the log has the cause.';
  if (isFull) return 'There is no space left: make some, or set EARSHOT_STORAGE_URL to another place.';
  const code = (error.cause as NodeJS.ErrnoException | undefined)?.code;
  const remedy = code === undefined ? undefined : remediesOfFolders[code];
  return remedy ?? `${error.message}. Look at the disk, and at what \`earshot doctor\` says.`;
}

const meanwhile = 'Meanwhile recordings wait in the data folder.';
const remedyOfObjects = `Correct EARSHOT_STORAGE_URL or the keys and start again. ${meanwhile}`;

const mayNotWrite =
  'Earshot may not write to the folder: make the user that runs it the owner of the folder, and everything in it.';

const remediesOfFolders: Readonly<Record<string, string>> = {
  EACCES: mayNotWrite,
  EPERM: mayNotWrite,
  EROFS: 'The folder is on a disk that is mounted read-only: mount it for writing.',
  ENOENT:
    'The folder is not there any more: bring back the disk that it was on, or start again to make it anew.',
  ENOTDIR: 'A file lies where the folder is to be: move it away.',
  EIO: 'The disk does not work: look at the system log, and move the recordings to another one.',
};
