import type { ExportColumn, ExportFormat, ExportLanguage, JobState } from '../domain/export-job.js';
import type { CallQuery } from './calls.js';

/** An export; its states: domain/export-job.ts. */
export interface Job {
  readonly id: string;
  /** Tables of calls, or `zip`: recordings with a manifest. */
  readonly format: ExportFormat;
  /** JSON of an `ExportOrder`. */
  readonly request: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly state: JobState;
  /** Calls or recordings so far, and in all where that is known. */
  readonly done: number;
  readonly total?: number;
  readonly bytes: number;
  /** In the storage, below its exports. */
  readonly fileName?: string;
  readonly sha256?: string;
  /** Why it failed, in a sentence. */
  readonly reason?: string;
  readonly createdAt: number;
  readonly endedAt?: number;
  /** When its file is deleted. */
  readonly expiresAt?: number;
}

/** What was asked for. */
export interface ExportOrder {
  /** As it was asked for, to be shown. */
  readonly filter: Readonly<Record<string, unknown>>;
  /** The same, as calls are searched for. */
  readonly selection: Omit<CallQuery, 'limit' | 'after'>;
  readonly columns: readonly ExportColumn[];
  readonly language: ExportLanguage;
}

export interface Jobs {
  create(job: Pick<Job, 'id' | 'format' | 'request' | 'ownerId' | 'ownerName' | 'createdAt'>): Promise<Job>;
  /** Newest first. */
  list(query: { ownerId?: string; limit: number; before?: string }): Promise<{ items: Job[]; next?: string }>;
  get(id: string): Promise<Job | undefined>;
  /** Undefined: unknown. One that has ended stays as it is. */
  cancel(id: string, now: number): Promise<Job | undefined>;
}

export interface JobLease {
  readonly id: string;
  readonly generation: number;
}

export interface JobProgress {
  readonly done: number;
  readonly total?: number;
  readonly bytes: number;
}

export type JobEnd =
  | {
      readonly state: 'done';
      readonly fileName: string;
      readonly sha256: string;
      readonly expiresAt: number;
      readonly progress: JobProgress;
    }
  | { readonly state: 'failed'; readonly reason: string };

/** The exporter's side: work under a lease. */
export interface JobWork {
  /** Atomic: the oldest waiting job, or one whose lease has expired, becomes ours. */
  claim(now: number, until: number): Promise<{ job: Job; lease: JobLease } | undefined>;
  /** Extends the lease and keeps the progress. False: cancelled, or no longer ours. */
  progress(lease: JobLease, progress: JobProgress, until: number): Promise<boolean>;
  /** False: cancelled, or no longer ours. */
  end(lease: JobLease, end: JobEnd, now: number): Promise<boolean>;
  /** Free again at once: we stop. */
  release(lease: JobLease): Promise<void>;
  /** Done jobs whose time is over become `expired`; their files are to be deleted now. At most `limit`. */
  expire(now: number, limit: number): Promise<Job[]>;
}
