import type { RecordingFlag } from '../domain/flags.js';
import type {
  Asset,
  DownloadAttempt,
  DownloadReason,
  DownloadVerdict,
  RecordingState,
} from '../domain/recording.js';

export interface Recording {
  readonly id: string;
  readonly callId: string;
  readonly state: RecordingState;
  readonly host: string;
  readonly path: string;
  readonly deadlineAt: number;
  readonly nextAttemptAt?: number;
  readonly attempts: number;
  /** Of the last attempt that did not succeed, or of the state. */
  readonly reason?: DownloadReason;
  readonly flags: readonly RecordingFlag[];
  readonly asset?: Asset;
}

export interface RecordingQuery {
  readonly state?: RecordingState;
  readonly callId?: string;
  readonly flag?: RecordingFlag;
  /** Without lost ones whose loss somebody has acknowledged. */
  readonly isUnacknowledged?: boolean;
  readonly limit: number;
  readonly after?: RecordingPosition;
}

/** Where a page ended: recordings are listed by ascending deadline. */
export interface RecordingPosition {
  readonly deadlineAt: number;
  readonly id: string;
}

export interface RecordingsReader {
  list(query: RecordingQuery): Promise<{ items: Recording[]; next?: RecordingPosition }>;
  get(id: string): Promise<Recording | undefined>;
  /** Oldest first. */
  attempts(id: string): Promise<DownloadAttempt[]>;
  counts(): Promise<Record<RecordingState, number>>;
  /** Those among them that belong to samples and demo data, without losses that were acknowledged. */
  countMadeUp(): Promise<Record<RecordingState, number>>;
  /** The earliest deadline of a pending recording, without samples and demo data. */
  nextDeadlineAt(): Promise<number | undefined>;
  /** Pending recordings, without samples and demo data, by whole hours until their deadline: `hours[0]` have less than one; `overdue` have none. `hours[168]`: a week or more. */
  openByHoursLeft(now: number): Promise<{ overdue: number; hours: number[] }>;
}

/** `not-downloadable`: published here, so that there is no link to fetch it from; or archived, and its link is over. */
export type RetryAnswer = 'accepted' | 'running' | 'archived' | 'not-downloadable' | 'unknown';

/** `fileName` is what is to be deleted from storage now, where there was an asset. `running`: a download holds it. */
export type RemovalAnswer =
  { readonly kind: 'removed'; readonly fileName?: string } | { readonly kind: 'running' | 'unknown' };

/** An asset as it is described now; its bytes and its name are what they were. */
export interface DescribedAsset {
  readonly asset: Asset;
  readonly flags: readonly RecordingFlag[];
}

export interface RecordingsWriter {
  /**
   * Makes a recording due now, whatever its deadline. Atomic. An archived one only before it, and with the SHA-256 of
   * the bytes that it had and that were found `replacing`: missing or damaged. They stay until others are whole, and
   * where none come it is archived as before.
   */
  retryNow(id: string, now: number, replacing?: string): Promise<RetryAnswer>;
  /**
   * Appends `recording.described`: the same bytes, told anew. The projection follows. False where these bytes are no
   * longer those of the recording.
   */
  describe(id: string, told: DescribedAsset, now: number): Promise<boolean>;
  /** Makes a recording of any state `deleted`; a retry by hand alone revives it. Atomic: with its event. */
  remove(id: string, now: number): Promise<RemovalAnswer>;
}

/** A download that is ours until `until`; a late settlement by a former holder is refused by its generation. */
export interface ClaimedDownload {
  readonly id: string;
  readonly generation: number;
  readonly until: number;
  readonly callId: string;
  /** The link as received. A bearer secret: never logged, never in an error. */
  readonly link: string;
  readonly host: string;
  readonly path: string;
  /** Of the message that the link came with. */
  readonly source: string;
  readonly deadlineAt: number;
  /** Attempts that ended before this one. */
  readonly attempts: number;
  /** Of these, those that began when the deadline had passed. */
  readonly lateAttempts: number;
  /** An operator or a fresh link asked for this attempt. */
  readonly forced: boolean;
  /** Day folder and name come from these. */
  readonly callStartAt?: number;
  readonly firstReceivedAt: number;
  readonly durationSeconds?: number;
}

export interface ClaimRequest {
  readonly now: number;
  readonly leaseMs: number;
  readonly limit: number;
  /** Most that may be claimed of one host. */
  readonly perHost: number;
  /** Downloads of ours that run already, by host: they count against what it may have. */
  readonly running: Readonly<Record<string, number>>;
  /** Most of these hosts, instead of `perHost`. */
  readonly shares?: ReadonlyMap<string, number>;
  /** Nothing but these. */
  readonly only?: readonly string[];
}

export interface Settlement {
  readonly id: string;
  readonly generation: number;
  readonly attempt?: DownloadAttempt;
  readonly verdict: DownloadVerdict;
  readonly now: number;
}

/** The archiver's side of recordings: work under leases. */
export interface Downloads {
  /**
   * Atomic: due recordings, earliest deadline first, become ours. Expired leases are due again, and so is what a clock
   * that was wrong has put off for longer than anything waits (`longestDelayMs`).
   */
  claim(request: ClaimRequest): Promise<ClaimedDownload[]>;
  /** Extends the leases that are still ours; returns the ids that are. */
  renew(leases: readonly { id: string; generation: number }[], until: number): Promise<string[]>;
  /** Atomic: state, attempt, asset and the journal's event together. False: the lease was no longer ours, nothing changed. */
  settle(settlement: Settlement): Promise<boolean>;
  /** Blocked recordings become due again, because what is allowed may have changed. At most `limit`; returns how many. */
  unblock(now: number, limit: number): Promise<number>;
}
