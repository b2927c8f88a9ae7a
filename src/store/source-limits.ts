import type { SourceLimit } from '../domain/source-limit.js';

/** Of the source, `default` among them. */
export interface LimitedSource extends SourceLimit {
  readonly name: string;
}

export interface SourceDay {
  readonly name: string;
  /** When the day began, in ms. */
  readonly day: number;
  /** Of the pushes that were taken. */
  readonly pushBytes: number;
  /** For the limit. */
  readonly refusedPushes: number;
  /** That downloads have brought, whatever came of them. */
  readonly recordingBytes: number;
}

/** What sources may do in one day, and what they have done. A limit stays with the name, as the marks of messages do. */
export interface SourceLimits {
  list(): Promise<LimitedSource[]>;
  /** All of it: what is absent is no more. */
  set(source: LimitedSource): Promise<void>;
  /** Adds to what was counted of that day. A later one begins anew, and so does one after a day that has not come yet. */
  count(days: readonly SourceDay[]): Promise<void>;
  /** The last day of each source. */
  days(): Promise<SourceDay[]>;
}
