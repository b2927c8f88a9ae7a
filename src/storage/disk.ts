import { mkdir, open, readdir, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { AssetStorage } from './asset-storage.js';
import { checkDraftId, splitFileName, toAssetPath } from './asset-path.js';
import { openDiskDraft } from './disk-draft.js';
import { FolderSync } from './folder-sync.js';
import { StorageError, toStorageError } from './storage-error.js';

const draftsFolder = '.drafts';
/** Folders known to exist, so that not every commit makes its day's again. A day, or a few, are in use at a time. */
const maxKnownFolders = 1_000;

/**
 * Assets as files below `root`, drafts in `.drafts` beside them on the same file system, so that a commit is one
 * rename. A draft is fsynced before the rename and the folder after it, folders made on the way included: an asset
 * that was reported kept survives power loss, and one that was not is never seen. Only one process may write below
 * one root; any number may read.
 */
export async function openDiskStorage(options: { readonly root: string }): Promise<AssetStorage> {
  const root = resolve(options.root);
  const folders = new FolderSync();
  const openDrafts = new Set<string>();
  const known = new Set<string>();
  const drafts = join(root, draftsFolder);
  await makeFolder(drafts, folders);

  /** Runs `move` with the asset's path, in a folder that exists; makes the folder anew if somebody removed it. */
  const publish = async (fileName: string, move: (assetPath: string) => Promise<void>): Promise<void> => {
    const assetPath = toAssetPath(root, fileName);
    const folder = dirname(assetPath);
    if (!known.has(folder)) await makeFolder(folder, folders);
    try {
      await move(assetPath);
    } catch (error) {
      if (!isMissing(error)) throw error;
      await makeFolder(folder, folders);
      await move(assetPath);
    }
    if (known.size >= maxKnownFolders) known.clear();
    known.add(folder);
    await folders.sync(folder);
  };

  return {
    openDraft: async (recordingId) => {
      const id = checkDraftId(recordingId);
      if (openDrafts.has(id)) throw new StorageError('draft-busy', 'the draft is open already');
      openDrafts.add(id);
      const onClose = () => openDrafts.delete(id);
      const place = {
        partPath: join(drafts, `${id}.part`),
        markPath: join(drafts, `${id}.mark`),
        publish,
        onClose,
      };
      try {
        return await openDiskDraft(place).catch(async (error: unknown) => {
          if (!isMissing((error as Error).cause)) throw error;
          // Somebody has removed the folder: that must not stop every download until a restart.
          await makeFolder(drafts, folders);
          return await openDiskDraft(place);
        });
      } catch (error) {
        onClose();
        throw error;
      }
    },

    sweepDrafts: (before) => sweep(drafts, before, openDrafts),

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

    freeBytes: async () => {
      const { bavail, bsize } = await statfs(root);
      return bavail * bsize;
    },
  };
}

/** Makes a folder and those above it; each name made is durable when this resolves. */
async function makeFolder(folder: string, folders: FolderSync): Promise<void> {
  try {
    const firstMade = await mkdir(folder, { recursive: true });
    if (firstMade === undefined) return;
    const top = dirname(resolve(firstMade));
    for (let made = folder; made !== top; made = dirname(made)) await folders.sync(dirname(made));
  } catch (error) {
    throw toStorageError(error, 'making a folder');
  }
}

async function sweep(drafts: string, before: number, openDrafts: ReadonlySet<string>): Promise<number> {
  let removed = 0;
  for (const name of await readdir(drafts)) {
    if (openDrafts.has(name.replace(/\.(part|mark)$/, ''))) continue;
    const path = join(drafts, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs >= before) continue;
    await rm(path, { force: true });
    if (name.endsWith('.part')) removed++;
  }
  return removed;
}

function isMissing(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
