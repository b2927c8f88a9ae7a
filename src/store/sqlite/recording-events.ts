import type { Asset } from '../../domain/recording.js';
import type { Connection } from './connection.js';
import { appendEvent } from './journal-table.js';
import { toRecordingId } from './recording-row.js';

/** The recording that an event is about; its generation makes the event one of its own. */
export interface Announced {
  readonly id: number;
  readonly callId: string;
  readonly generation: number;
}

/** Appends `recording.archived` to the journal; project/to-change.ts reads it. The caller holds the transaction. */
export function announceArchived(
  connection: Connection,
  recording: Announced,
  { asset, short, now }: { asset: Asset; short: boolean; now: number },
): void {
  const { archivedAt, ...described } = asset;
  announce(connection, 'recording.archived', recording, now, {
    ...described,
    archivedAt: new Date(archivedAt).toISOString(),
    ...(short ? { flags: ['short'] } : {}),
  });
}

/** Appends `recording.lost`. `linkSeq` is that of the message whose link was lost. */
export function announceLost(
  connection: Connection,
  recording: Announced,
  { reason, linkSeq, now }: { reason: string; linkSeq: number; now: number },
): void {
  announce(connection, 'recording.lost', recording, now, { reason, linkSeq });
}

function announce(
  connection: Connection,
  type: 'recording.archived' | 'recording.lost',
  { id, callId, generation }: Announced,
  at: number,
  what: object,
): void {
  const recordingId = toRecordingId(id);
  appendEvent(connection, {
    type,
    callId,
    at,
    identity: `${type} ${recordingId} ${generation}`,
    body: { recordingId, callId, ...what },
  });
}
