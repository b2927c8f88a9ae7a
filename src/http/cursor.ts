import { AppError } from '../domain/errors.js';
import type { CallPosition } from '../store/calls.js';
import type { RecordingPosition } from '../store/recordings.js';

/*
 * A cursor is the keyset of a page's last row as base64url JSON. Opaque to callers, so that the keyset may
 * change; a list refuses what it did not hand out, because a cursor read wrongly would skip rows silently.
 */

export function toCallCursor(position: CallPosition): string {
  return encode(['calls', position.sortAt, position.id]);
}

export function fromCallCursor(cursor: string): CallPosition {
  const [list, sortAt, id] = decode(cursor);
  if (list !== 'calls' || !Number.isSafeInteger(sortAt) || !Number.isSafeInteger(id)) throw refuse();
  return { sortAt: sortAt as number, id: id as number };
}

export function toRecordingCursor(position: RecordingPosition): string {
  return encode(['recordings', position.deadlineAt, position.id]);
}

export function fromRecordingCursor(cursor: string): RecordingPosition {
  const [list, deadlineAt, id] = decode(cursor);
  if (list !== 'recordings' || !Number.isSafeInteger(deadlineAt) || typeof id !== 'string') throw refuse();
  return { deadlineAt: deadlineAt as number, id };
}

export function toQuarantineCursor(id: string): string {
  return encode(['quarantine', id]);
}

export function fromQuarantineCursor(cursor: string): string {
  return readId(cursor, 'quarantine');
}

export function toDeliveryCursor(id: string): string {
  return encode(['deliveries', id]);
}

export function fromDeliveryCursor(cursor: string): string {
  return readId(cursor, 'deliveries');
}

export function toExportCursor(id: string): string {
  return encode(['exports', id]);
}

export function fromExportCursor(cursor: string): string {
  return readId(cursor, 'exports');
}

export function toEndpointCursor(id: string): string {
  return encode(['endpoints', id]);
}

export function fromEndpointCursor(cursor: string): string {
  return readId(cursor, 'endpoints');
}

export function toAuditCursor(seq: number): string {
  return encode(['audit', seq]);
}

export function fromAuditCursor(cursor: string): number {
  const [list, seq] = decode(cursor);
  if (list !== 'audit' || !Number.isSafeInteger(seq)) throw refuse();
  return seq as number;
}

function readId(cursor: string, ofList: string): string {
  const [list, id] = decode(cursor);
  if (list !== ofList || typeof id !== 'string') throw refuse();
  return id;
}

function encode(keyset: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(keyset)).toString('base64url');
}

function decode(cursor: string): unknown[] {
  try {
    const keyset: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    // Buffer skips what is not base64url; a cursor that is not exactly what was handed out is refused.
    if (Array.isArray(keyset) && encode(keyset) === cursor) return keyset;
  } catch {
    // Refused below, like everything else that was not handed out.
  }
  throw refuse();
}

function refuse(): AppError {
  return new AppError('cursor-invalid', '`cursor` is none that this list handed out.');
}
