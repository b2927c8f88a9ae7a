import { recordingFlags, type CallFlag, type RecordingFlag } from '../domain/flags.js';
import { publishedRecordingOf } from '../domain/published-recording.js';
import type { Asset, DownloadReason } from '../domain/recording.js';
import { readCallMessage } from '../protocol/call-message.js';
import type { MessageType } from '../protocol/message.js';
import type { JsonObject } from '../protocol/push-body.js';
import { deadlineOf, type RecordingLink } from '../protocol/recording-link.js';
import type { VendorTime } from '../protocol/vendor-time.js';
import type { Entry } from '../store/journal.js';
import type { Change } from '../store/projection.js';

const ranks: Readonly<Record<MessageType, number>> = {
  AlicomAgentCallRecord: 3,
  AlicomAgentCallReport: 2,
  AlicomAgentCallNote: 1,
};

const flagOf: Readonly<Record<'time' | 'duration' | 'link', CallFlag>> = {
  time: 'time-unreadable',
  duration: 'duration-unreadable',
  link: 'link-unusable',
};

/** What entries change in calls and recordings, in order; some change nothing. */
export function toChanges(entries: readonly Entry[], toInstant: VendorTime): Change[] {
  return entries.filter(({ type }) => type !== 'source.erased').map((entry) => toChange(entry, toInstant));
}

/** What a journal entry changes in calls and recordings: a function of the entry alone. */
export function toChange(entry: Entry, toInstant: VendorTime): Change {
  const value = JSON.parse(entry.text) as JsonObject;
  switch (entry.type) {
    case 'recording.archived':
    case 'recording.described':
      return {
        kind: entry.type === 'recording.archived' ? 'archived' : 'described',
        seq: entry.seq,
        recordingId: value['recordingId'] as string,
        ...toAsset(value),
      };
    case 'recording.lost':
      return {
        kind: 'lost',
        seq: entry.seq,
        recordingId: value['recordingId'] as string,
        reason: value['reason'] as DownloadReason,
        linkSeq: value['linkSeq'] as number,
      };
    case 'source.erased':
      throw new Error('source.erased says nothing of a call');
    default:
      return toMessageChange(entry, entry.type, value, toInstant);
  }
}

function toMessageChange(entry: Entry, type: MessageType, value: JsonObject, toInstant: VendorTime): Change {
  const { seq, callId, receivedAt, text } = entry;
  const { recording: downloadable, unreadable, ...told } = readCallMessage(type, text, value, toInstant);
  const published = type === 'AlicomAgentCallRecord' ? toPublished(value['recordFile'], seq) : undefined;
  const recording = published ?? downloadable;
  const flags = unreadable.filter((field) => field !== 'link' || !published).map((field) => flagOf[field]);
  const change: Change = { kind: 'message', seq, callId, rank: ranks[type], receivedAt, ...told, flags };
  if (!recording) return change;
  const { link, host, path, oddities } = recording;
  const deadline = deadlineOf(recording, receivedAt, told.endAt);
  if (oddities?.includes('spelling')) flags.push('link-respelt');
  // What was published here has no link that could die: one is made for each receiver.
  if (deadline.isDoubted && !published) flags.push('deadline-doubted');
  return { ...change, recording: { link, host, path, deadlineAt: deadline.at } };
}

/** A recording of our own: its path is none that a URL has, so that no other link is ever taken for it. */
function toPublished(recordFile: unknown, seq: number): RecordingLink | undefined {
  const recordingId = publishedRecordingOf(seq, recordFile);
  return recordingId === undefined
    ? undefined
    : { link: recordFile as string, host: 'earshot', path: recordingId };
}

/** The asset as `recording.archived` tells of it (store/rows/recording-events.ts makes it). */
function toAsset(value: JsonObject): { asset: Asset; flags: RecordingFlag[] } {
  const { recordingId: _recording, callId: _call, flags, archivedAt, ...asset } = value;
  return {
    asset: { ...(asset as unknown as Asset), archivedAt: Date.parse(archivedAt as string) },
    flags: recordingFlags.filter((flag) => Array.isArray(flags) && flags.includes(flag)),
  };
}
