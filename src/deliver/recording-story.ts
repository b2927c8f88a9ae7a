import { publishedRecordingOf } from '../domain/published-recording.js';
import type { JsonObject } from '../protocol/push-body.js';
import { readRecordingLink } from '../protocol/recording-link.js';
import type { Entry } from '../store/journal.js';

/**
 * What the journal tells of one recording of a call: the records that name it and Earshot's own events about it.
 *
 * `when: archived` is a rule of the journal alone, so that each record is sent exactly once however late, and by
 * whomever, the journal is read:
 *
 *   reading a record    it goes at once if its recording was archived or lost before; it is held if nothing is known
 *                       yet, or if its link is another than the lost one: then the recording lives again
 *   reading an event    the records that were held since the recording's event before it go now
 *
 * A recording is (callId, `RecordingLink.path`), named by the seq of the first record with that path: the same as the
 * projection says, which the events speak of.
 */
export interface RecordingStory {
  readonly id: string;
  /** Ascending. */
  readonly records: readonly RecordOfStory[];
  /** Ascending. */
  readonly events: readonly EventOfStory[];
}

interface RecordOfStory {
  readonly seq: number;
  readonly link: string;
}

type EventOfStory =
  | { readonly seq: number; readonly kind: 'archived' }
  /** `linkSeq`: the record whose link was lost. */
  | { readonly seq: number; readonly kind: 'lost'; readonly linkSeq: number };

/** The stories of a call's recordings, from all of its entries in order, events included. */
export function readStories(entries: readonly Entry[]): RecordingStory[] {
  const byPath = new Map<string, { id: string; records: RecordOfStory[]; events: EventOfStory[] }>();
  const byId = new Map<string, { events: EventOfStory[] }>();
  for (const { seq, type, text } of entries) {
    if (type === 'recording.archived' || type === 'recording.lost') {
      const { recordingId, linkSeq } = JSON.parse(text) as { recordingId: string; linkSeq: number };
      const event: EventOfStory =
        type === 'recording.archived' ? { seq, kind: 'archived' } : { seq, kind: 'lost', linkSeq };
      byId.get(recordingId)?.events.push(event);
    } else if (type === 'AlicomAgentCallRecord') {
      const named = nameRecording(seq, text);
      if (!named) continue;
      let story = byPath.get(named.path);
      if (!story) {
        story = { id: `r${seq}`, records: [], events: [] };
        byPath.set(named.path, story);
        byId.set(story.id, story);
      }
      story.records.push({ seq, link: named.link });
    }
  }
  return [...byPath.values()];
}

/** Undefined where the record has no link that a recording could be fetched by. */
function nameRecording(seq: number, text: string): { path: string; link: string } | undefined {
  const { recordFile } = JSON.parse(text) as JsonObject;
  const published = publishedRecordingOf(seq, recordFile);
  if (published !== undefined) return { path: `earshot:${published}`, link: published };
  const link = readRecordingLink(recordFile);
  return link && { path: link.path, link: link.link };
}

/** The story that a record is part of. */
export function storyOfRecord(stories: readonly RecordingStory[], seq: number): RecordingStory | undefined {
  return stories.find(({ records }) => records.some((record) => record.seq === seq));
}

export function storyOfEvent(stories: readonly RecordingStory[], seq: number): RecordingStory | undefined {
  return stories.find(({ events }) => events.some((event) => event.seq === seq));
}

/** Whether the record, read in its place, waits for a later event. */
export function isHeld(story: RecordingStory, seq: number): boolean {
  const before = story.events.findLast((event) => event.seq < seq);
  if (!before) return true;
  if (before.kind === 'archived') return false;
  const linkOf = (at: number): string | undefined => story.records.find((record) => record.seq === at)?.link;
  return linkOf(seq) !== linkOf(before.linkSeq);
}

/** The records that go when the event is read, in order. */
export function releasedBy(story: RecordingStory, eventSeq: number): number[] {
  const after = story.events.findLast((event) => event.seq < eventSeq)?.seq ?? 0;
  return story.records
    .map(({ seq }) => seq)
    .filter((seq) => seq > after && seq < eventSeq && isHeld(story, seq));
}

/** Whether the record is held and nothing has released it so far. */
export function isStillHeld(story: RecordingStory, seq: number): boolean {
  return isHeld(story, seq) && !story.events.some((event) => event.seq > seq);
}

/** Whether the recording is safe, as far as the journal tells. */
export function isArchived(story: RecordingStory): boolean {
  return story.events.at(-1)?.kind === 'archived';
}
