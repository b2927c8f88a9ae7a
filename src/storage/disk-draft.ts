import { open, rm, type FileHandle, readFile, writeFile } from 'node:fs/promises';
import {
  type AssetDraft,
  type CommitOptions,
  type KeptMark,
  StorageError,
  toStorageError,
} from './asset-storage.js';

/** Where a draft lies, and where its bytes go in the end. */
export interface DraftPlace {
  readonly partPath: string;
  /** The sidecar: what the kept bytes belong to. Without one that fits, they are worth nothing. */
  readonly markPath: string;
  /** Brings the finished bytes under the asset's name; nothing of them is left at `partPath` then. */
  readonly publish: (fileName: string, finished: FinishedDraft, how: CommitOptions) => Promise<void>;
  /** The draft is closed, whatever came of it. */
  readonly onClose: () => void;
  /** Bytes that drafts may still take of the disk. */
  readonly roomBytes: () => Promise<number>;
}

/** All bytes of a draft, in its file. */
export interface FinishedDraft {
  readonly path: string;
  readonly handle: FileHandle;
  readonly bytes: number;
  /** Flushes them to the disk. Bytes of which that failed are never kept: nobody can tell which of them arrived. */
  makeDurable(): Promise<void>;
}

/** Chunks are gathered to this size before they are written: fewer trips to the thread pool, and no copying. */
const writeBytes = 512 * 1024;
const readBytes = 512 * 1024;
/** The room is measured once in so many bytes at most; where little is left, more often. */
const measuredEveryBytes = 4 * 1024 * 1024;
const measuredShare = 1 / 16;

export async function openDiskDraft(place: DraftPlace): Promise<AssetDraft> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(place.partPath, 'wx+');
    return new DiskDraft(handle, place, { bytes: 0 });
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw toStorageError(error, 'opening a draft');
  }
  try {
    handle = await open(place.partPath, 'r+');
    const kept = await readMark(place.markPath, (await handle.stat()).size);
    // What lies behind the marked bytes came from an attempt that was killed: nobody vouches for it.
    await handle.truncate(kept.bytes);
    return new DiskDraft(handle, place, kept);
  } catch (error) {
    await handle?.close();
    throw toStorageError(error, 'opening a draft');
  }
}

class DiskDraft implements AssetDraft {
  readonly #handle: FileHandle;
  readonly #place: DraftPlace;
  #kept: KeptBytes;
  /** Where the next write goes: everything before is written or being written. */
  #position: number;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  /** The write under way. One at a time, while the next is gathered: that bounds what a download holds in memory. */
  #writing: Promise<void> = Promise.resolve();
  /** Up to here there was room when it was measured last. */
  #roomUntil = 0;
  #open = true;
  /** A flush to the disk failed. */
  #isSpoiled = false;

  constructor(handle: FileHandle, place: DraftPlace, kept: KeptBytes) {
    this.#handle = handle;
    this.#place = place;
    this.#kept = kept;
    this.#position = kept.bytes;
  }

  get kept(): KeptBytes {
    return this.#kept;
  }

  async *readKept(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let at = 0; at < this.#kept.bytes;) {
      const bytes = await this.readAt(at, Math.min(readBytes, this.#kept.bytes - at));
      if (bytes.length === 0)
        throw new StorageError('io-failed', 'reading kept bytes: there are fewer than were kept');
      at += bytes.length;
      yield bytes;
    }
  }

  async restart(): Promise<void> {
    await this.#guard('restarting a draft', async () => {
      await this.#writing.catch(() => undefined);
      this.#gathered = [];
      this.#gatheredBytes = 0;
      this.#writing = Promise.resolve();
      await rm(this.#place.markPath, { force: true });
      await this.#handle.truncate(0);
      this.#kept = { bytes: 0 };
      this.#position = 0;
      this.#roomUntil = 0;
    });
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#gathered.push(chunk);
    this.#gatheredBytes += chunk.length;
    if (this.#gatheredBytes < writeBytes) return;
    await this.#guard('writing a draft', async () => {
      await this.#writing;
      await this.#startWriting();
    });
  }

  async readAt(start: number, length: number): Promise<Uint8Array> {
    return await this.#guard('reading a draft', async () => {
      await this.#flush();
      const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(length), 0, length, start);
      return buffer.subarray(0, bytesRead);
    });
  }

  async commit(fileName: string, how: CommitOptions = {}): Promise<void> {
    await this.#guard('keeping an asset', async () => {
      await this.#flush();
      await this.#place.publish(fileName, this.#finished(), how);
      if (this.#kept.mark) await rm(this.#place.markPath, { force: true });
    });
    await this.#close();
  }

  async abandon(keep?: KeptMark): Promise<void> {
    if (!this.#open) return;
    try {
      await this.#flush();
      if (keep && this.#position > 0 && !this.#isSpoiled) {
        // The link may be dead when these are asked for again.
        if (keep.isWhole) await this.#handle.datasync();
        await writeMark(this.#place.markPath, this.#position, keep);
        return;
      }
      await this.#drop();
    } catch (error) {
      // Bytes that cannot be written or marked are of no use to the next attempt.
      await this.#drop().catch(() => undefined);
      throw toStorageError(error, 'abandoning a draft');
    } finally {
      await this.#close();
    }
  }

  #finished(): FinishedDraft {
    const [path, handle, bytes] = [this.#place.partPath, this.#handle, this.#position];
    const makeDurable = async (): Promise<void> => {
      this.#isSpoiled = true;
      await handle.datasync();
      this.#isSpoiled = false;
    };
    return { path, handle, bytes, makeDurable };
  }

  async #drop(): Promise<void> {
    await rm(this.#place.markPath, { force: true });
    await rm(this.#place.partPath, { force: true });
  }

  async #flush(): Promise<void> {
    await this.#writing;
    if (this.#gatheredBytes === 0) return;
    await this.#startWriting();
    await this.#writing;
  }

  /** Resolves once the write has begun. Rejects with `no-space` where the rest of the disk is kept for the store. */
  async #startWriting(): Promise<void> {
    const end = this.#position + this.#gatheredBytes;
    if (end > this.#roomUntil) {
      const room = await this.#place.roomBytes();
      if (room < this.#gatheredBytes)
        throw new StorageError('no-space', 'writing a draft: the rest of the disk is kept for pushes');
      this.#roomUntil = Math.max(end, this.#position + Math.min(measuredEveryBytes, room * measuredShare));
    }
    const chunks = this.#gathered;
    const at = this.#position;
    this.#position += this.#gatheredBytes;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#writing = writeAll(this.#handle, chunks, at);
    // A failure is reported by whoever awaits it next; until then it must not count as unhandled.
    this.#writing.catch(() => undefined);
  }

  async #guard<T>(doing: string, work: () => Promise<T>): Promise<T> {
    if (!this.#open) throw new StorageError('io-failed', `${doing}: it is closed`);
    try {
      return await work();
    } catch (error) {
      throw toStorageError(error, doing);
    }
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#place.onClose();
    await this.#handle.close();
  }
}

/** A file system may take less than it was given; a full disk then fails the next call, not this one. */
async function writeAll(handle: FileHandle, chunks: readonly Uint8Array[], position: number): Promise<void> {
  let rest = chunks;
  let at = position;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest, at);
    at += bytesWritten;
    rest = skipBytes(rest, bytesWritten);
  }
}

function skipBytes(chunks: readonly Uint8Array[], count: number): Uint8Array[] {
  let skipped = 0;
  const rest: Uint8Array[] = [];
  for (const chunk of chunks) {
    const cut = Math.min(chunk.length, Math.max(0, count - skipped));
    skipped += chunk.length;
    if (cut < chunk.length) rest.push(chunk.subarray(cut));
  }
  return rest;
}

interface KeptBytes {
  readonly bytes: number;
  readonly mark?: KeptMark;
}

async function writeMark(path: string, bytes: number, mark: KeptMark): Promise<void> {
  await writeFile(path, JSON.stringify({ bytes, ...mark }));
}

/** What a mark says of a file of `size` bytes; no bytes where it does not fit, or says nothing. */
export async function readMark(path: string, size: number): Promise<KeptBytes> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    const { bytes, etag, sha256, isWhole, coding } = JSON.parse(text) as Record<string, unknown>;
    const fits = Number.isSafeInteger(bytes) && (bytes as number) > 0 && (bytes as number) <= size;
    if (!fits || typeof sha256 !== 'string') return { bytes: 0 };
    const told = { sha256, ...(typeof coding === 'string' ? { coding } : {}) };
    if (isWhole === true) return { bytes: bytes as number, mark: { isWhole, ...told } };
    if (typeof etag === 'string') return { bytes: bytes as number, mark: { etag, ...told } };
  } catch {
    // A mark that a crash cut short is no mark.
  }
  return { bytes: 0 };
}
