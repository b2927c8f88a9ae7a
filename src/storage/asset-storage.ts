import type { Readable } from 'node:stream';

/** Where assets live. One suite (test/conformance) runs against every implementation. */
export interface AssetStorage {
  /** Opens the unfinished bytes of one recording: those an earlier attempt left, or none. */
  openDraft(recordingId: string): Promise<AssetDraft>;
  /** Bytes `start` to `end` (inclusive) of an asset, or all. Rejects with `asset-missing` when it is not there. */
  read(fileName: string, range?: { start: number; end: number }): Promise<Readable>;
  /** Size in bytes, or undefined when it is not there. */
  size(fileName: string): Promise<number | undefined>;
  remove(fileName: string): Promise<void>;
  /** Bytes that may still be written, where the storage can tell. */
  freeBytes(): Promise<number | undefined>;
}

/** Bytes on their way to becoming an asset. Nobody sees them under the asset's name before `commit`. */
export interface AssetDraft {
  /** Bytes already here from an earlier attempt, and the ETag they belong to. */
  readonly kept: { readonly bytes: number; readonly etag?: string };
  /** Reads the kept bytes again, so that a resumed download can be hashed from the start. */
  readKept(): AsyncIterable<Uint8Array>;
  /** Drops the kept bytes: the download starts anew. */
  restart(): Promise<void>;
  write(chunk: Uint8Array): Promise<void>;
  /** Durable (fsync), then under its name in one step (rename). Replaces what was there. */
  commit(fileName: string): Promise<void>;
  /** Closes without committing; `keep` leaves the bytes (with the ETag) for the next attempt to continue from. */
  abandon(keep?: { etag?: string }): Promise<void>;
}
