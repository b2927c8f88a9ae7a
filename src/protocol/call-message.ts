import type { MessageType } from './message.js';
import { readId, type JsonObject } from './push-body.js';
import { readRecordingLink, type RecordingLink } from './recording-link.js';
import type { VendorTime } from './vendor-time.js';

/** What a message tells of its call. What is not there or could not be read is absent; what could not be read is in `unreadable`. */
export interface CallMessage {
  readonly taskId?: string;
  readonly detailId?: string;
  readonly batchId?: string;
  readonly outId?: string;
  /** As received. */
  readonly startTime?: string;
  readonly endTime?: string;
  readonly startAt?: number;
  readonly endAt?: number;
  /** When dialling began, which a report tells of a call that nobody answered, too. */
  readonly originatedAt?: number;
  readonly durationSeconds?: number;
  readonly recording?: RecordingLink;
  readonly unreadable: readonly ('time' | 'duration' | 'link')[];
}

/**
 * Reads a message's fields (specification, "Field descriptions"; protocol page, section 2). Nothing is
 * refused: a time in a wrong form, a duration that is no number, an unusable link are named in `unreadable`.
 * A note tells of no times.
 */
export function readCallMessage(
  type: MessageType,
  text: string,
  value: JsonObject,
  toInstant: VendorTime,
): CallMessage {
  const unreadable: ('time' | 'duration' | 'link')[] = [];
  // Filled field by field: this runs for every message, and a spread for each optional one costs more than reading it.
  const message: { -readonly [K in keyof CallMessage]: CallMessage[K] } = { unreadable };
  for (const name of idNames) {
    const id = readId(text, value, name);
    if (id !== undefined) message[name] = id;
  }
  if (type === 'AlicomAgentCallNote') return message;
  const start = readTime(value['startTime'], toInstant);
  if (start.text !== undefined) message.startTime = start.text;
  if (start.at !== undefined) message.startAt = start.at;
  const end = readTime(value['endTime'], toInstant);
  if (end.text !== undefined) message.endTime = end.text;
  if (end.at !== undefined) message.endAt = end.at;
  const originated = readTime(value['originateTime'], toInstant);
  if (originated.at !== undefined) message.originatedAt = originated.at;
  if (start.unreadable || end.unreadable) unreadable.push('time');
  const duration = readDuration(value['duration']);
  if (duration === 'unreadable') unreadable.push('duration');
  else if (duration !== undefined) message.durationSeconds = duration;
  if (type !== 'AlicomAgentCallRecord') return message;
  const recording = readRecordingLink(value['recordFile']);
  if (recording) message.recording = recording;
  // A record without the field came without a link: nothing about it is unusable.
  else if (value['recordFile'] !== undefined) unreadable.push('link');
  return message;
}

const idNames = ['taskId', 'detailId', 'batchId', 'outId'] as const;

/** Siblings send null or "" for a call that was not connected: that is no time, not an unreadable one. */
function readTime(
  value: unknown,
  toInstant: VendorTime,
): { text?: string; at?: number; unreadable: boolean } {
  if (value === undefined || value === null || value === '') return { unreadable: false };
  if (typeof value === 'object') return { unreadable: true };
  if (typeof value !== 'string') return { text: JSON.stringify(value), unreadable: true };
  const at = toInstant(value);
  return at === undefined ? { text: value, unreadable: true } : { text: value, at, unreadable: false };
}

/** Whole or decimal seconds, 0 or more, as a number or (siblings do) as a string of digits. */
function readDuration(value: unknown): number | 'unreadable' | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : 'unreadable';
  if (typeof value === 'string' && /^\s*\d{1,15}(\.\d+)?\s*$/.test(value)) return Number(value);
  return 'unreadable';
}
