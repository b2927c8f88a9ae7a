import type { CallMessage } from '../protocol/call-message.js';
import type { CallFlag, RecordingFlag } from '../domain/flags.js';
import type { RecordingState } from '../domain/recording.js';
import type { Recording } from './recordings.js';

/** All that is known of one callId. Instants in ms; ids as the digits or characters received. */
export interface Call extends Omit<CallMessage, 'recording' | 'unreadable' | 'originatedAt'> {
  readonly callId: string;
  readonly flags: readonly CallFlag[];
  readonly recordings: readonly Recording[];
  /** When it was: `startAt`; where there is none, when dialling began, or its end; else its first receipt. */
  readonly at: number;
  readonly firstReceivedAt: number;
  readonly lastReceivedAt: number;
}

export interface CallQuery {
  readonly callId?: string;
  readonly taskId?: string;
  readonly detailId?: string;
  readonly batchId?: string;
  readonly outId?: string;
  readonly state?: RecordingState;
  /** That one of its recordings has. */
  readonly flag?: RecordingFlag;
  /** Inclusive, on `at`. */
  readonly from?: number;
  /** Exclusive. */
  readonly to?: number;
  readonly minDuration?: number;
  readonly maxDuration?: number;
  /** Any id, whole, or the half of a callId before or after `^`. */
  readonly q?: string;
  readonly tag?: string;
  readonly limit: number;
  readonly after?: CallPosition;
}

/** Where a page ended: the keyset of the last row. */
export interface CallPosition {
  readonly sortAt: number;
  readonly id: number;
}

export interface CallsReader {
  /** Newest first. `next` is absent at the end. */
  search(query: CallQuery): Promise<{ items: Call[]; next?: CallPosition }>;
  /** How many a page of that limit would hold, without reading them; `next` is where to count on, absent at the end. */
  count(query: CallQuery): Promise<{ calls: number; next?: CallPosition }>;
  get(callId: string): Promise<Call | undefined>;
}

/** Whether calls of some length are asked for. */
export function asksForLength({ minDuration, maxDuration }: CallQuery): boolean {
  return minDuration !== undefined || maxDuration !== undefined;
}
