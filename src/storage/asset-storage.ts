import type { Readable } from 'node:stream';

/**
 * Where assets live. One suite (test/conformance) runs against every implementation.
 * Everything rejects with `StorageError`: `no-space`, `io-failed`, and what a method names besides.
 */
export interface AssetStorage {
  /** Opens the unfinished bytes of one recording: those an earlier attempt left, or none. `draft-busy` while open. */
  openDraft(recordingId: string): Promise<AssetDraft>;
  /** Drops drafts that nobody has written to since `before` (ms). Returns how many. */
  sweepDrafts(before: number): Promise<number>;
  /** Bytes `start` to `end` (inclusive) of an asset, or all. `asset-missing` when it is not there. */
  read(fileName: string, range?: { start: number; end: number }): Promise<Readable>;
  /** Size in bytes, or undefined when it is not there. */
  size(fileName: string): Promise<number | undefined>;
  /** Harmless when it is not there. */
  remove(fileName: string): Promise<void>;
  /** Bytes that may still be written, where the storage can tell. */
  freeBytes(): Promise<number | undefined>;
}

/** What is remembered of kept bytes, so that they can be continued from, and trusted. */
export interface KeptMark {
  /** Strong ETag of the object that the bytes are the beginning of. */
  readonly etag: string;
  /** Lower-case hex SHA-256 of the kept bytes: they may have been damaged by a crash that no checksum would show. */
  readonly sha256: string;
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
  /** Durable (fsync), then under its name in one step (rename). Replaces what was there. `bad-name` when unusable. */
  commit(fileName: string): Promise<void>;
  /** Closes without committing; with a mark the bytes stay for the next attempt to continue from. */
  abandon(keep?: KeptMark): Promise<void>;
}
