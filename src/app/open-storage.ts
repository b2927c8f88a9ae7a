import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { type AssetStorage, StorageError } from '../storage/asset-storage.js';
import { checkDiskStorage, openDiskStorage } from '../storage/disk.js';
import { type StorageCheck, probeStorage } from '../storage/probe-storage.js';
import { AppError } from '../domain/errors.js';
import type { Config } from '../settings/config.js';
import { quietS3Client } from '../settings/environment.js';
import { makeDurableFolder } from '../storage/folder-sync.js';
import type { StorageTest } from '../contract/service.js';
import type { Clock } from '../domain/clock.js';
import { parseS3Url } from '../storage/s3-url.js';

/** What says where recordings are kept; plain data, so that it travels to threads. */
export type StorageConfig = Pick<Config, 'dataDir' | 'storageUrl' | 's3AccessKeyId' | 's3SecretAccessKey'>;

/** Of a whole configuration, what a thread needs to open the storage. */
export function toStorageConfig(config: StorageConfig): StorageConfig {
  const { dataDir, storageUrl, s3AccessKeyId, s3SecretAccessKey } = config;
  return { dataDir, storageUrl, s3AccessKeyId, s3SecretAccessKey };
}

/**
 * Opens the place where recordings are kept: the only function that knows which there are. `dayBytes`: what a day of
 * pushes takes of the data folder's disk; commands that only read need not know.
 */
export async function openStorage(
  config: StorageConfig,
  dayBytes: () => Promise<number> = () => Promise.resolve(0),
): Promise<AssetStorage> {
  const s3 = toS3Options(config);
  makeFolder(recordingsDir(config));
  const reserve = { dataDir: config.dataDir, dayBytes };
  if (!s3) return openDiskStorage({ root: recordingsDir(config), reserve });
  // The client is large and slow to load: it is loaded for an object storage alone.
  quietS3Client();
  const { openS3Storage } = await import('../storage/s3-storage.js');
  return openS3Storage({ ...s3, stagingDir: recordingsDir(config), reserve });
}

/** Where its name cannot be flushed, the first recording says so; a folder that can never be there ends the start. */
function makeFolder(folder: string): void {
  try {
    makeDurableFolder(folder);
  } catch (error) {
    if (existsSync(folder)) return;
    throw new AppError('storage-failed', `${folder} cannot be made: ${(error as Error).message}.`);
  }
}

/**
 * Whether recordings can be kept where the settings say. Of a folder this is whether it can be made and flushed; in an object storage an object is written, read and removed.
 */
export async function checkStorage(config: StorageConfig): Promise<StorageCheck> {
  const s3 = toS3Options(config);
  if (!s3) {
    const sentence = await checkDiskStorage(recordingsDir(config));
    return sentence === undefined ? {} : { wrong: { fault: 'folder', sentence } };
  }
  quietS3Client();
  const { checkS3Storage } = await import('../storage/check-s3-storage.js');
  return checkS3Storage({ ...s3, probeId: randomUUID(), clock: () => Date.now() });
}

/** Tells the log where recordings cannot be kept. They are downloaded all the same, and wait: nothing is lost yet. */
export async function warnOfStorage(config: StorageConfig, log: Logger): Promise<void> {
  try {
    const { wrong } = await checkStorage(config);
    if (wrong === undefined) return;
    const where = isObjectStorage(config.storageUrl) ? ' in the data folder' : '';
    log.warn(`${wrong.sentence} Recordings wait${where} until that is mended; pushes are taken.`);
  } catch (error) {
    log.warn({ err: error }, 'The storage could not be looked at.');
  }
}

/** The folder where recordings lie, or, with an object storage, wait until they are whole and sent. */
export function recordingsDir(config: StorageConfig): string {
  if (isObjectStorage(config.storageUrl)) return join(config.dataDir, 'staging');
  return config.storageUrl ?? join(config.dataDir, 'recordings');
}

/** Whether recordings are kept outside of this machine, where every process can read them. */
export function isObjectStorage(storageUrl: string | undefined): storageUrl is `s3:${string}` {
  return storageUrl?.startsWith('s3:') === true;
}

function toS3Options({ storageUrl, s3AccessKeyId, s3SecretAccessKey }: StorageConfig) {
  if (!isObjectStorage(storageUrl)) return undefined;
  const keys =
    s3AccessKeyId !== undefined && s3SecretAccessKey !== undefined
      ? { accessKeyId: s3AccessKeyId, secretAccessKey: s3SecretAccessKey }
      : {};
  return { url: storageUrl, ...keys };
}

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
