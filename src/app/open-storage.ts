import { join } from 'node:path';
import type { AssetStorage } from '../storage/asset-storage.js';
import { openDiskStorage } from '../storage/disk.js';
import type { Config } from './config.js';

/** What says where recordings are kept; plain data, so that it travels to threads. */
export type StorageConfig = Pick<Config, 'dataDir' | 'storageUrl'>;

/** Opens the place where recordings are kept: the only function that knows which there are. */
export function openStorage(config: StorageConfig): Promise<AssetStorage> {
  return openDiskStorage({ root: recordingsDir(config) });
}

/** Where recordings lie: as set, or in the data folder. */
export function recordingsDir(config: StorageConfig): string {
  return config.storageUrl ?? join(config.dataDir, 'recordings');
}
