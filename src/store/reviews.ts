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
