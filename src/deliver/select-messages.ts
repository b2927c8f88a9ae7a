import type { EndpointSettings } from '../domain/endpoint.js';
import { readCallMessage } from '../protocol/call-message.js';
import { isMessageType } from '../protocol/message.js';
import type { JsonObject } from '../protocol/push-body.js';
import type { Entry } from '../store/journal.js';
import { isHeld, releasedBy, storyOfEvent, storyOfRecord, type RecordingStory } from './recording-story.js';

/** What of an endpoint's settings decides what it gets. */
export type Wishes = Pick<EndpointSettings, 'types' | 'when' | 'filter'>;

/** A message that an endpoint gets, and why now. */
export interface Selected {
  readonly seq: number;
  /** seq of the entry that was read: the message itself, or the event that released it. The cursor stands between these. */
  readonly readAt: number;
  /** Since when it waits to be pushed: its receipt, or the event. In ms. */
  readonly since: number;
  /** Length of its text: what it will take of memory and of a body, about. */
  readonly size: number;
}

/** All entries of one call, events included; and the stories of its recordings. */
export interface CallHistory {
  readonly entries: readonly Entry[];
  readonly stories: readonly RecordingStory[];
}

export type ReadHistory = (callId: string) => Promise<CallHistory>;

/**
 * What an endpoint gets when this entry is read: a function of the journal and the settings alone. `readHistory`
 * is asked only where the rule of `when: archived` needs it.
 */
export async function select(entry: Entry, wishes: Wishes, readHistory: ReadHistory): Promise<Selected[]> {
  const { seq, type, callId, receivedAt } = entry;
  if (isMessageType(type)) {
    if (!wants(entry, wishes)) return [];
    if (wishes.when === 'archived' && type === 'AlicomAgentCallRecord') {
      const story = storyOfRecord((await readHistory(callId)).stories, seq);
      if (story && isHeld(story, seq)) return [];
    }
    return [{ seq, readAt: seq, since: receivedAt, size: entry.text.length }];
  }
  if (wishes.when !== 'archived') return [];
  const { entries, stories } = await readHistory(callId);
  const story = storyOfEvent(stories, seq);
  const released = new Set(story ? releasedBy(story, seq) : []);
  return entries
    .filter((record) => released.has(record.seq) && wants(record, wishes))
    .map((record) => ({ seq: record.seq, readAt: seq, since: receivedAt, size: record.text.length }));
}

/** Whether type and filter fit; events never do. The text is parsed only where a filter asks for what is in it. */
export function wants({ type, text }: Entry, { types, filter }: Wishes): boolean {
  if (!isMessageType(type) || !types.includes(type)) return false;
  const { taskId, batchId, outIdPrefix, minDurationSeconds } = filter;
  if ((taskId ?? batchId ?? outIdPrefix ?? minDurationSeconds) === undefined) return true;
  const message = readCallMessage(type, text, JSON.parse(text) as JsonObject, readNoTime);
  return (
    (taskId === undefined || message.taskId === taskId) &&
    (batchId === undefined || message.batchId === batchId) &&
    (outIdPrefix === undefined || message.outId?.startsWith(outIdPrefix) === true) &&
    (minDurationSeconds === undefined || (message.durationSeconds ?? -1) >= minDurationSeconds)
  );
}

/** No filter asks for times. */
const readNoTime = (): undefined => undefined;
