/** What stands in the way of keeping recordings, as far as it decides what is to be done. */
export type StorageFault = 'keys' | 'bucket-missing' | 'unreachable' | 'folder' | 'other';

/** Whether recordings can be kept. */
export interface StorageCheck {
  /** Absent where they can be. `sentence` is for people, and never has a key in it. */
  readonly wrong?: { readonly fault: StorageFault; readonly sentence: string };
  /** How far the storage's clock is ahead of ours (negative: behind), where it told; to about a second. */
  readonly clockAheadMs?: number;
}
