import type { DownloadAttempt } from '../domain/recording.js';
import type { AssetStorage } from '../storage/asset-storage.js';

/** How much may still be archived. */
export interface Space {
  /** Where the storage can tell. */
  readonly freeBytes?: number;
  /** Of these, what is kept for pushes. */
  readonly reservedBytes?: number;
  /** Nothing more can be archived: recordings wait. */
  readonly isFull: boolean;
}

export interface StorageSpace {
  /** A bucket tells by its refusals alone that it is full: this process's own attempts at downloads. */
  heard(attempt: Pick<DownloadAttempt, 'reason'>): void;
  read(): Promise<Space>;
  /** As it was found last; each call starts another look. So a disk that hangs delays no caller. */
  isFull(): boolean;
}

export function createStorageSpace(
  assets: Pick<AssetStorage, 'freeBytes' | 'draftRoom' | 'reservedBytes'>,
): StorageSpace {
  let isRefused = false;
  let known = false;
  let looking: Promise<unknown> | undefined;
  const read = async (): Promise<Space> => {
    const freeBytes = await assets.freeBytes();
    const isFull = (await assets.draftRoom()) === 0 || isRefused;
    known = isFull;
    if (freeBytes === undefined) return { isFull };
    return { freeBytes, reservedBytes: await assets.reservedBytes(), isFull };
  };
  const look = (): void => {
    looking ??= read()
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
  };
  return {
    heard: ({ reason }) => {
      if (reason === 'no-space') isRefused = true;
      if (reason === 'archived') isRefused = false;
    },
    read,
    isFull: () => {
      look();
      return known;
    },
  };
}
