import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AssetDraft, StorageError } from './asset-storage.js';
import { checkDraftId } from './key-template.js';
import { openDiskDraft, type DraftPlace, readMark } from './disk-draft.js';
import { measureRoom, type DiskReserve, type DiskRoom } from './disk-room.js';
import { isMissing, makeFolder, type FolderSync } from './folder-sync.js';

/** Drafts as files of one folder on this machine, whatever becomes of them in the end. */
export interface DraftFolder {
  /** As `Drafts.openDraft`. */
  open(recordingId: string): Promise<AssetDraft>;
  /** As `Drafts.sweepDrafts`. */
  sweep(before: number): Promise<number>;
  /** As `Drafts.wholeDrafts`. */
  whole(): Promise<string[]>;
  /** Of the disk that they lie on. */
  room(): Promise<DiskRoom>;
}

export async function openDraftFolder(
  folder: string,
  folders: FolderSync,
  publish: DraftPlace['publish'],
  reserve?: DiskReserve,
): Promise<DraftFolder> {
  const openDrafts = new Set<string>();
  const room = () => measureRoom(folder, reserve);
  // A folder that cannot be made now, or flushed, fails those who write to it: pushes are taken meanwhile.
  await makeFolder(folder, folders).catch(() => undefined);
  return {
    open: async (recordingId) => {
      const id = checkDraftId(recordingId);
      if (openDrafts.has(id)) throw new StorageError('draft-busy', 'the draft is open already');
      openDrafts.add(id);
      const onClose = () => openDrafts.delete(id);
      const place = {
        partPath: join(folder, `${id}.part`),
        markPath: join(folder, `${id}.mark`),
        publish,
        onClose,
        roomBytes: async () => (await room()).roomBytes,
      };
      try {
        return await openDiskDraft(place).catch(async (error: unknown) => {
          if (!isMissing((error as Error).cause)) throw error;
          // Somebody has removed the folder: that must not stop every download until a restart.
          await makeFolder(folder, folders);
          return await openDiskDraft(place);
        });
      } catch (error) {
        onClose();
        throw error;
      }
    },
    sweep: (before) => sweep(folder, before, openDrafts),
    whole: () => findWhole(folder),
    room,
  };
}

/** A draft is as old as the younger of its files: bytes that wait for a commit are marked again by each attempt. */
async function sweep(folder: string, before: number, openDrafts: ReadonlySet<string>): Promise<number> {
  const names = await namesIn(folder);
  let removed = 0;
  for (const id of new Set(names.map((name) => name.replace(/\.(part|mark)$/, '')))) {
    if (openDrafts.has(id)) continue;
    const paths = names.filter((name) => name.startsWith(`${id}.`)).map((name) => join(folder, name));
    const times = await Promise.all(paths.map(modifiedAt));
    if (times.some((at) => at >= before)) continue;
    for (const path of paths) await rm(path, { force: true });
    if (names.includes(`${id}.part`)) removed++;
  }
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  return await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

async function modifiedAt(path: string): Promise<number> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
  return mtimeMs;
}

async function findWhole(folder: string): Promise<string[]> {
  const ids: string[] = [];
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.mark')) continue;
    const { mark } = await readMark(join(folder, name), Infinity);
    if (mark?.isWhole) ids.push(name.slice(0, -'.mark'.length));
  }
  return ids;
}
