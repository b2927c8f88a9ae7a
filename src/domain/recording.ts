import type { RecordingFlag } from './flags.js';
import type { Outcome } from './outcome.js';

/**
 * A recording is one audio file of a call.
 *
 *   pending ──▶ archived            its bytes are verified and kept
 *      │ ▲
 *      │ └─ a fresh link, or an operator's retry
 *      ├────▶ lost                  the link is dead: the deadline passed, or the storage said "expired"
 *      └────▶ blocked               host or address is not allowed: waits for the operator
 *   archived ─▶ pending             by hand, where the bytes are missing or damaged and the link still lives
 *   any ────▶ deleted               by a person, for good: no fresh link revives it, a retry by hand does
 */
export const recordingStates = ['pending', 'archived', 'lost', 'blocked', 'deleted'] as const;
export type RecordingState = (typeof recordingStates)[number];

/** Why an attempt at a download ended as it did; part of the public surface (docs/errors.md). */
export const downloadReasons = [
  'archived',
  'expired',
  'deadline-passed',
  'forbidden',
  'not-found',
  'throttled',
  'server-error',
  'unexpected-status',
  'redirect',
  'timeout',
  'connection-refused',
  'connection-reset',
  'dns-failure',
  'tls-failure',
  'too-large',
  'truncated',
  'not-audio',
  'wrong-checksum',
  'host-not-allowed',
  'host-not-of-source',
  /** Of no attempt: it waits for another day of its source. */
  'source-over-limit',
  'address-not-allowed',
  'storage-failed',
  'no-space',
  /** Of no attempt: somebody deleted the recording. */
  'deleted',
  'stopped',
] as const;
export type DownloadReason = (typeof downloadReasons)[number];

/** Archived bytes and what they hold. */
export interface Asset {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** `wav`, `mp3`, `ogg`, … by content, never by name; `unrecognised` where nothing here knows it. */
  readonly container: string;
  readonly codec?: string;
  readonly channels?: number;
  readonly sampleRate?: number;
  /** Measured over the whole file; 0 where there is no sound. Absent where it could not be measured. */
  readonly seconds?: number;
  readonly archivedAt: number;
  /** Path below the recordings folder, with `/` on every platform. */
  readonly fileName: string;
}

/** How an asset differs from what was archived. `unreadable`: the storage did not say. */
export type AssetDifference = 'missing' | 'wrong-size' | 'wrong-content' | 'unreadable';

/** One try of a download; append-only. */
export interface DownloadAttempt {
  readonly at: number;
  readonly outcome: Outcome;
  readonly reason: DownloadReason;
  /** HTTP status, where an answer came. */
  readonly status?: number;
  readonly durationMs: number;
  /** Bytes received in this attempt. */
  readonly bytes: number;
  /** Byte offset from which an earlier attempt was continued; absent for a download from the start. */
  readonly resumedFrom?: number;
  /** Address connected to. */
  readonly address?: string;
  /** Time to the response head, in ms, where one came. */
  readonly headMs?: number;
  /** What the storage said in words, shortened: never a URL or a secret. */
  readonly detail?: string;
}

/** What an attempt makes of the recording. */
export type DownloadVerdict =
  | { readonly kind: 'archived'; readonly asset: Asset; readonly flags: readonly RecordingFlag[] }
  | { readonly kind: 'retry'; readonly nextAttemptAt: number }
  /** Nothing was asked for: it waits, and no attempt is written down. */
  | { readonly kind: 'put-off'; readonly nextAttemptAt: number; readonly reason: DownloadReason }
  | { readonly kind: 'lost'; readonly reason: DownloadReason }
  | { readonly kind: 'blocked'; readonly reason: DownloadReason }
  /** We stopped: the recording is free again at once and the attempt does not count. */
  | { readonly kind: 'released' };
