import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type AssetStorage, StorageError, toStorageError } from './asset-storage.js';
import { splitFileName, toAssetPath } from './key-template.js';
import type { FinishedDraft } from './disk-draft.js';
import type { DiskReserve } from './disk-room.js';
import { openDraftFolder } from './draft-folder.js';
import { FolderSync, isMissing, makeFolder } from './folder-sync.js';

const draftsFolder = '.drafts';

/** A sentence that says why recordings cannot be kept below `root`; undefined where its folders can be made and flushed. */
export async function checkDiskStorage(root: string): Promise<string | undefined> {
  const folders = new FolderSync();
  try {
    await makeFolder(join(root, draftsFolder), folders);
    await folders.sync(root);
    return undefined;
  } catch (error) {
    const { message } = toStorageError(error, `writing to ${root}`);
    return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  }
}

/** Folders known to exist, so that not every commit makes its day's again. A day, or a few, are in use at a time. */
const maxKnownFolders = 1_000;

/**
 * Assets as files below `root`, drafts in `.drafts` beside them on the same file system, so that a commit is one
 * rename. A draft is fsynced before the rename and the folder after it, folders made on the way included: an asset
 * that was reported kept survives power loss, and one that was not is never seen. Only one process may write below
 * one root; any number may read.
 */
export async function openDiskStorage(options: {
  readonly root: string;
  readonly reserve?: DiskReserve;
}): Promise<AssetStorage> {
  const root = resolve(options.root);
  const folders = new FolderSync();
  const known = new Set<string>();

  /** Moves the file to the asset's path, in a folder that exists; makes the folder anew if somebody removed it. */
  const publish = async (fileName: string, finished: FinishedDraft): Promise<void> => {
    const assetPath = toAssetPath(root, fileName);
    const folder = dirname(assetPath);
    await finished.makeDurable();
    if (!known.has(folder)) {
      await makeFolder(folder, folders);
      // Before the rename: where the folder cannot be flushed, the draft is as it was.
      await folders.sync(folder);
    }
    try {
      await rename(finished.path, assetPath);
    } catch (error) {
      if (!isMissing(error)) throw error;
      await makeFolder(folder, folders);
      await rename(finished.path, assetPath);
    }
    if (known.size >= maxKnownFolders) known.clear();
    known.add(folder);
    await folders.sync(folder);
  };
  const drafts = await openDraftFolder(join(root, draftsFolder), folders, publish, options.reserve);

  return {
    openDraft: (recordingId) => drafts.open(recordingId),

    sweepDrafts: (before) => drafts.sweep(before),

    wholeDrafts: () => drafts.whole(),

    draftRoom: async () => (await drafts.room()).roomBytes,

    reservedBytes: async () => (await drafts.room()).reservedBytes,

    read: async (fileName, range) => {
      const path = toAssetPath(root, fileName);
      try {
        const handle = await open(path, 'r');
        return handle.createReadStream({ highWaterMark: 256 * 1024, ...range });
      } catch (error) {
        if (isMissing(error))
          throw new StorageError('asset-missing', 'the asset is not there', { cause: error });
        throw toStorageError(error, 'reading an asset');
      }
    },

    size: async (fileName) => {
      try {
        const found = await stat(toAssetPath(root, fileName));
        return found.isFile() ? found.size : undefined;
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw toStorageError(error, 'looking for an asset');
      }
    },

    remove: async (fileName) => {
      const path = join(root, ...splitFileName(fileName));
      try {
        await rm(path);
        await folders.sync(dirname(path));
      } catch (error) {
        if (!isMissing(error)) throw toStorageError(error, 'removing an asset');
      }
    },

    freeBytes: async () => (await drafts.room()).freeBytes,
  };
}
