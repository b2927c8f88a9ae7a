import type { TransientFault } from './storage/bucket.js';

/** What a watcher may be told while a simulation runs: for progress bars and narration. Holds no link. */
export type SimulationEvent =
  | {
      readonly kind: 'attempt';
      /** 1 for the first. */
      readonly attempt: number;
      /** Of the messages in the push, one each. */
      readonly callIds: readonly string[];
      readonly acknowledged: boolean;
      readonly latencyMs: number;
      /** Why it failed. */
      readonly reason?: string;
      /** Until the next attempt; absent when there is none. */
      readonly retryInMs?: number;
    }
  /** After each batch: calls made and pushed for the first time, of all that there will be. */
  | { readonly kind: 'progress'; readonly calls: number; readonly ofCalls: number }
  /** The storage answered a request. */
  | {
      readonly kind: 'recording';
      readonly status: number;
      readonly callId?: string;
      readonly fault?: TransientFault;
      /** Its last byte went out, and nothing that went out was wrong. */
      readonly isComplete: boolean;
    };
