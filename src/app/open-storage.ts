import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AssetStorage } from '../storage/asset-storage.js';
import { checkDiskStorage, openDiskStorage } from '../storage/disk.js';
import type { StorageCheck } from '../storage/storage-check.js';
import { AppError } from '../domain/errors.js';
import { quietS3Client, type Config } from './config.js';
import { makeDurableFolder } from './durable-folder.js';

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
  // Whoever keeps recordings in a folder pays nothing for the client: it is large, and slow to load.
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
