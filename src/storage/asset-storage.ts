import type { Readable } from 'node:stream';

/**
 * Where assets live, and exports beside them, in a folder of their own (`exportsFolder`). One suite (test/conformance) runs against every implementation.
 * Everything rejects with `StorageError`: `no-space`, `io-failed`, and what a method names besides.
 */
export interface AssetStorage extends Drafts {
  /** Bytes `start` to `end` (inclusive) of an asset, or all. `asset-missing` when it is not there. */
  read(fileName: string, range?: { start: number; end: number }): Promise<Readable>;
  /** Size in bytes, or undefined when it is not there. */
  size(fileName: string): Promise<number | undefined>;
  /** Harmless when it is not there. */
  remove(fileName: string): Promise<void>;
  /** Bytes that may still be written, where the storage can tell. */
  freeBytes(): Promise<number | undefined>;
  /** A link by which anybody may read the asset for a while, where readers are to be sent there. A bearer secret. */
  presign?(fileName: string, options: PresignOptions): Promise<string>;
}

/** Unfinished bytes, always on a disk of this machine: another machine has others. */
export interface Drafts {
  /** Opens the unfinished bytes of one recording: those an earlier attempt left, or none. `draft-busy` while open. */
  openDraft(recordingId: string): Promise<AssetDraft>;
  /** Drops drafts, and what is left of broken commits, that nobody has written to since `before` (ms). Returns how many. */
  sweepDrafts(before: number): Promise<number>;
  /** Ids of the recordings of which all bytes are here, waiting for a commit. */
  wholeDrafts(): Promise<string[]>;
  /** Bytes that drafts may still take where they lie: the rest of that disk is kept for pushes. A draft that needs more ends with `no-space`. */
  draftRoom(): Promise<number>;
  /** What is kept there. */
  reservedBytes(): Promise<number>;
}

/** What is remembered of kept bytes, so that they can be continued from, or committed, and trusted. */
export type KeptMark = BeginningMark | WholeMark;

export interface BeginningMark {
  /** Strong ETag of the object that the bytes are the beginning of. */
  readonly etag: string;
  /** Lower-case hex SHA-256 of the kept bytes: they may have been damaged by a crash that no checksum would show. */
  readonly sha256: string;
  readonly isWhole?: undefined;
  /** The object's `Content-Encoding`, where it has one. */
  readonly coding?: string;
}

/** All of a recording, checked against what its sender said of it: only the commit failed. */
interface WholeMark {
  readonly isWhole: true;
  readonly sha256: string;
  /** The object's `Content-Encoding`, where it has one: these are the bytes as sent. */
  readonly coding?: string;
}

export interface CommitOptions {
  /** Lower-case hex SHA-256 of all bytes, where it is known: a storage that reads them again compares. */
  readonly sha256?: string;
  /** Ends a commit that takes long; the draft is as it was. */
  readonly signal?: AbortSignal;
}

/** How a link that leads past us to the audio is to be. */
export interface PresignOptions {
  readonly expiresInSeconds: number;
  readonly contentType: string;
  readonly contentDisposition: string;
}

/**
 * Bytes on their way to becoming an asset. Nobody sees them under the asset's name before `commit`.
 * Ends with either `commit` or `abandon`; calls do not overlap.
 */
export interface AssetDraft {
  /** Bytes already here from an earlier attempt, and what they belong to; 0 bytes where there is no mark. */
  readonly kept: { readonly bytes: number; readonly mark?: KeptMark };
  /** Reads the kept bytes again, so that a resumed download can be hashed from the start. */
  readKept(): AsyncIterable<Uint8Array>;
  /** Drops what is here: the download starts anew. */
  restart(): Promise<void>;
  /** Takes the chunk over: it must not be changed afterwards. Resolves when more may come (backpressure). */
  write(chunk: Uint8Array): Promise<void>;
  /** Up to `length` bytes of what has been written, from `start`: to look into a format's index or tail. */
  readAt(start: number, length: number): Promise<Uint8Array>;
  /**
   * Durable, then under its name in one step. Replaces what was there. `bad-name` when unusable. Where it rejects, the
   * name has what it had, and the draft is as it was: it can be committed again, or abandoned with a mark.
   */
  commit(fileName: string, options?: CommitOptions): Promise<void>;
  /** Closes without committing; with a mark the bytes stay for the next attempt. */
  abandon(keep?: KeptMark): Promise<void>;
}

/** Why storage could not do as asked. */
export type StorageFailure =
  | 'asset-missing'
  /** Disk or quota full: better later. */
  | 'no-space'
  /** The name or id is none that can be a place in storage. */
  | 'bad-name'
  /** The draft is open already: two writers would mix their bytes. */
  | 'draft-busy'
  /** The bytes of a draft are not those that were written to it. */
  | 'draft-damaged'
  | 'io-failed';

export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly code: StorageFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const fullCodes = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** What the file system threw, as an error of this folder. */
export function toStorageError(error: unknown, doing: string): StorageError {
  if (error instanceof StorageError) return error;
  const { code = 'unknown' } = (error ?? {}) as { code?: string };
  const failure = fullCodes.has(code) ? 'no-space' : 'io-failed';
  return new StorageError(failure, `${doing}: ${code}`, { cause: error });
}
