import type { RecordingFlag } from '../../domain/flags.js';
import type { Asset } from '../../domain/recording.js';
import type { EventType } from '../journal.js';
import { toRecordingId } from './recording-row.js';

/** An event of ours on its way into the journal. */
export interface NewEvent {
  readonly type: EventType;
  readonly callId: string;
  readonly at: number;
  /** What makes it the same event when it is appended again. */
  readonly identity: string;
  readonly body: object;
}

/** The recording that an event is about; its generation makes the event one of its own. */
export interface Announced {
  readonly id: number;
  readonly callId: string;
  readonly generation: number;
}

/** `recording.archived`, as project/to-change.ts reads it. */
export function archivedEvent(
  recording: Announced,
  { asset, flags, now }: { asset: Asset; flags: readonly RecordingFlag[]; now: number },
): NewEvent {
  const { archivedAt, ...described } = asset;
  return toEvent('recording.archived', recording, now, {
    ...described,
    archivedAt: new Date(archivedAt).toISOString(),
    ...(flags.length > 0 ? { flags } : {}),
  });
}

/** `recording.described`: as `recording.archived`, of bytes that are archived already. */
export function describedEvent(
  recording: Announced,
  told: { asset: Asset; flags: readonly RecordingFlag[]; now: number },
): NewEvent {
  const { body, ...event } = archivedEvent(recording, told);
  const type = 'recording.described';
  return { ...event, type, identity: `${type} ${toRecordingId(recording.id)} ${told.now}`, body };
}

/** `recording.lost`. `linkSeq` is that of the message whose link was lost. */
export function lostEvent(
  recording: Announced,
  { reason, linkSeq, now }: { reason: string; linkSeq: number; now: number },
): NewEvent {
  return toEvent('recording.lost', recording, now, { reason, linkSeq });
}

/** `source.erased`: of no call, and each one of its own. */
export function erasedEvent(source: string, now: number): NewEvent {
  return {
    type: 'source.erased',
    callId: '',
    at: now,
    identity: `source.erased ${source} ${now}`,
    body: { source },
  };
}

function toEvent(
  type: 'recording.archived' | 'recording.lost',
  { id, callId, generation }: Announced,
  at: number,
  what: object,
): NewEvent {
  const recordingId = toRecordingId(id);
  return {
    type,
    callId,
    at,
    identity: `${type} ${recordingId} ${generation}`,
    body: { recordingId, callId, ...what },
  };
}
