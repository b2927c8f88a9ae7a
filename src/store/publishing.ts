import type { RecordingFlag } from '../domain/flags.js';
import type { Asset } from '../domain/recording.js';
import type { NewMessage } from './journal.js';

/** `isNew` is false where the journal had the same message already; seq is that one's then. */
export interface Published {
  readonly seq: number;
  readonly isNew: boolean;
}

export interface NewPublishedRecording {
  /** Its `recordFile` must be `recordFilePlaceholder`: the reference to the recording goes there. */
  readonly message: NewMessage;
  readonly asset: Asset;
  readonly flags: readonly RecordingFlag[];
}

/** In the place of a published message's `recordFile` until its seq is known. */
export const recordFilePlaceholder = 'earshot:recording';

/** Messages of our own, which did not come through the inbox. */
export interface Publishing {
  /** Atomic: all of them are journaled, in order. */
  publish(messages: readonly NewMessage[]): Promise<Published[]>;
  /**
   * Atomic: the message, whose `recordFile` becomes `earshot:r` and its own seq, and the event
   * `recording.archived`, so that no archiver ever looks for bytes that are here already.
   */
  publishRecording(recording: NewPublishedRecording): Promise<Published & { recordingId: string }>;
}
