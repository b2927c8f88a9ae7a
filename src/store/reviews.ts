/** What somebody wrote about a call, perhaps at an instant of a recording. */
export interface Comment {
  readonly id: string;
  readonly callId: string;
  readonly recordingId?: string;
  /** Seconds from the recording's start. */
  readonly atSeconds?: number;
  readonly text: string;
  readonly authorId: string;
  readonly authorName: string;
  readonly createdAt: number;
  readonly editedAt?: number;
}

export interface Comments {
  /** By place in the recording, then oldest first. */
  ofCall(callId: string): Promise<Comment[]>;
  get(id: string): Promise<Comment | undefined>;
  /** False: no such call. */
  add(comment: Comment): Promise<boolean>;
  change(id: string, text: string, now: number): Promise<Comment | undefined>;
  remove(id: string): Promise<boolean>;
}

export interface Tags {
  /** Those of each of these calls, by name; a call without any is absent. No object: an id may be `constructor`. */
  ofCalls(callIds: readonly string[]): Promise<ReadonlyMap<string, string[]>>;
  /** `known`: the call has the tag, before or now. Atomic. */
  add(callId: string, tag: string, actorId: string, now: number): Promise<'known' | 'call-unknown'>;
  remove(callId: string, tag: string): Promise<boolean>;
  /** Every tag in use and how many calls have it, by name; at most 1,000. */
  list(): Promise<{ tag: string; calls: number }[]>;
}

/** What somebody said of a thing that cannot be mended: from then on it counts nowhere as waiting. */
export interface Acknowledgement {
  readonly reason: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly at: number;
}

/** `other-state`: there is nothing to acknowledge, or nothing any more. */
export type AcknowledgeAnswer = 'acknowledged' | 'unknown' | 'other-state';

export interface Acknowledgements {
  /** Of a lost recording, until its download is tried again. Atomic; the latest stands. */
  acknowledgeRecording(id: string, acknowledgement: Acknowledgement): Promise<AcknowledgeAnswer>;
  /** Of a dead delivery that nobody replayed, with the dead parts of a halved one. Atomic; the latest stands. */
  acknowledgeDelivery(id: string, acknowledgement: Acknowledgement): Promise<AcknowledgeAnswer>;
  /** Those that stand, of at most 500 lost recordings, in no order. */
  ofRecordings(ids: readonly string[]): Promise<(Acknowledgement & { readonly id: string })[]>;
  /** The same of deliveries. */
  ofDeliveries(ids: readonly string[]): Promise<(Acknowledgement & { readonly id: string })[]>;
  /** Lost recordings whose loss somebody has acknowledged. */
  countRecordings(): Promise<number>;
}

/** A list with its filters and columns, under a name. */
export interface SavedView {
  readonly id: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly name: string;
  /** Everybody sees it; its owner changes it. */
  readonly isShared: boolean;
  /** The query of the page's address, without `?`. */
  readonly query: string;
  readonly createdAt: number;
}

export interface SavedViews {
  /** One's own and those for everybody, by name. */
  list(ownerId: string): Promise<SavedView[]>;
  create(view: SavedView): Promise<void>;
  /** Undefined: unknown, or another's. */
  change(
    id: string,
    ownerId: string,
    change: Partial<Pick<SavedView, 'name' | 'isShared' | 'query'>>,
  ): Promise<SavedView | undefined>;
  remove(id: string, ownerId: string): Promise<boolean>;
}
