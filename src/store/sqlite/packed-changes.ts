import { toDueAt } from '../fold/recordings.js';
import type { Change, MessageChange } from '../projection.js';
import { fromFlagBits, tailOf, toFlagBits, toSortAt } from '../rows/call-row.js';
import { fromStoredText } from '../rows/row.js';
import { type PackedRows, packRows, unpackRows } from './packed-rows.js';

export type EventChange = Exclude<Change, { kind: 'message' }>;

/** A batch of changes on its way to the store's thread: messages, by far the most, as rows. */
export interface PackedChanges {
  readonly messages: readonly PackedRows[];
  readonly events: readonly EventChange[];
}

const columns = [
  'seq',
  'callId',
  'tail',
  'taskId',
  'detailId',
  'batchId',
  'outId',
  'startTime',
  'endTime',
  'startAt',
  'endAt',
  'originatedAt',
  'sortAt',
  'durationSeconds',
  'rank',
  'flags',
  'receivedAt',
  'host',
  'path',
  'link',
  'deadlineAt',
  'dueAt',
] as const;

/** A column of a packed message, in SQL that reads `jsonb_each`. */
export function column(name: (typeof columns)[number]): string {
  return `(value ->> ${columns.indexOf(name)})`;
}

export function packChanges(changes: readonly Change[]): PackedChanges {
  const messages: MessageChange[] = [];
  const events: EventChange[] = [];
  for (const change of changes) {
    if (change.kind === 'message') messages.push(change);
    else events.push(change);
  }
  return { messages: packRows(messages, toRow), events };
}

export function unpackMessages(text: string): MessageChange[] {
  return unpackRows(text).map(fromRow);
}

/** In the order of `columns`. */
function toRow(change: MessageChange): unknown[] {
  const { recording } = change;
  return [
    change.seq,
    change.callId,
    tailOf(change.callId),
    change.taskId,
    change.detailId,
    change.batchId,
    change.outId,
    change.startTime,
    change.endTime,
    change.startAt,
    change.endAt,
    change.originatedAt,
    toSortAt(change),
    change.durationSeconds,
    change.rank,
    toFlagBits(change.flags),
    change.receivedAt,
    recording?.host,
    recording?.path,
    recording?.link,
    recording?.deadlineAt,
    recording && toDueAt(recording.link, change.receivedAt),
  ];
}

function fromRow(row: readonly unknown[]): MessageChange {
  const values: Record<string, unknown> = {};
  for (const [index, name] of columns.entries()) {
    const value = row[index];
    if (value !== null) values[name] = typeof value === 'string' ? fromStoredText(value) : value;
  }
  const {
    tail: _tail,
    sortAt: _sortAt,
    dueAt: _dueAt,
    flags,
    host,
    path,
    link,
    deadlineAt,
    ...told
  } = values;
  const bits = flags as number;
  return {
    ...(told as unknown as MessageChange),
    flags: fromFlagBits(bits),
    ...(link === undefined
      ? {}
      : {
          recording: { host, path, link, deadlineAt } as NonNullable<MessageChange['recording']>,
        }),
  };
}
