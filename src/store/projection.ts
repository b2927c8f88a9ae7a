import type { CallMessage } from '../protocol/call-message.js';
import type { CallFlag, RecordingFlag } from '../domain/flags.js';
import type { Asset, DownloadReason } from '../domain/recording.js';

/** What one journal entry changes in calls and recordings. */
export type Change =
  | ({ readonly kind: 'message' } & MessageChange)
  | {
      /** `described`: the same bytes, told anew. */
      readonly kind: 'archived' | 'described';
      readonly seq: number;
      readonly recordingId: string;
      readonly asset: Asset;
      readonly flags: readonly RecordingFlag[];
    }
  | {
      readonly kind: 'lost';
      readonly seq: number;
      readonly recordingId: string;
      readonly reason: DownloadReason;
      /** seq of the message whose link was lost: a fresher link is not lost with it. `deleted` takes any, whatever its link. */
      readonly linkSeq: number;
    };

export interface MessageChange extends Omit<CallMessage, 'recording' | 'unreadable'> {
  readonly seq: number;
  readonly callId: string;
  /** How much the message knows of the call's times: 3 record, 2 report, 1 note. A lower rank never overwrites a higher one. */
  readonly rank: number;
  readonly receivedAt: number;
  readonly flags: readonly CallFlag[];
  readonly recording?: {
    readonly link: string;
    readonly host: string;
    /** With the callId its identity: `RecordingLink.path`. */
    readonly path: string;
    readonly deadlineAt: number;
  };
}

export interface Projection {
  /** Atomic: the changes, in order, and the projector's cursor. Repeating it changes nothing. */
  apply(changes: readonly Change[], cursor: number): Promise<void>;
}

/** Calls and recordings, built anew from the journal's beginning while the old ones stay in use. */
export interface ProjectionRebuild {
  begin(): Promise<void>;
  /** Atomic: the changes, in order. */
  apply(changes: readonly Change[]): Promise<void>;
  /** Atomic: takes the place of the old. False: the projector does not stand at `cursor` any more; apply what it has seen since and call again. */
  finish(cursor: number): Promise<boolean>;
}
