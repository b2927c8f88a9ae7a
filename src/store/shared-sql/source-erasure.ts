import { recordingStates } from '../../domain/recording.js';
import { firstEventNumber } from '../rows/entry-row.js';
import { phase } from '../rows/recording-row.js';
import type { Row } from '../rows/row.js';
import type { ErasureAnswer, SourceErasure } from '../sources.js';
import { type OperationsOf, read, write } from './operations.js';
import type { SqlDialect } from './sql-dialect.js';
import { change, rowOf, rowsOf, type Work } from './work.js';

export function createSourceErasure(dialect: SqlDialect): OperationsOf<SourceErasure> {
  return {
    find: read(function* (source, after, limit) {
      const rows = yield* rowsOf(dialect.entriesBeyond('$1', '$2'), after, limit);
      const told = rows.filter((row) => isMessage(row) && row['source'] === source);
      const callIds = [...new Set(told.map((row) => row['call_id'] as string))];
      const last = rows.at(-1);
      return last === undefined || rows.length < limit
        ? { callIds }
        : { callIds, next: last['seq'] as number };
    }),

    eraseCall: write((callId, source, now) => eraseCall(dialect, callId, source, now)),

    eraseQuarantined: write(function* (source, after, limit) {
      const bound = yield* rowOf(
        `SELECT max(id) AS last, count(*) AS looked_at
         FROM (SELECT id FROM quarantine WHERE id > $1 ORDER BY id LIMIT $2) AS stretch`,
        after,
        limit,
      );
      const last = bound?.['last'] as number | null | undefined;
      if (last == null) return undefined;
      yield* change(
        'DELETE FROM quarantine WHERE id > $1 AND id <= $2 AND source = $3',
        ...[after, last, source],
      );
      return bound?.['looked_at'] === limit ? last : undefined;
    }),

    eraseCounts: write(function* (source) {
      for (const table of ['source_counts', 'source_limits', 'source_days'])
        yield* change(`DELETE FROM ${table} WHERE name = $1`, source);
    }),
  };
}

/** The call first, as everybody does who changes its recordings: whoever comes meanwhile finds nothing afterwards. */
function* eraseCall(dialect: SqlDialect, callId: string, source: string, now: number): Work<ErasureAnswer> {
  const call = yield* rowOf(`SELECT id FROM calls WHERE ${dialect.ofCallId('$1')}${dialect.claimed}`, callId);
  const entries = yield* rowsOf(dialect.entriesOfCall('$1'), callId);
  if (entries.length === 0) return 'unknown';
  if (entries.some((row) => isMessage(row) && row['source'] !== source)) return 'shared';
  const recordings = call
    ? yield* rowsOf(
        `SELECT id, state, phase, leased_until FROM recordings WHERE call = $1 ORDER BY id${dialect.claimed}`,
        call['id'] as number,
      )
    : [];
  if (recordings.some((row) => row['phase'] === phase.leased && Number(row['leased_until']) > now))
    return 'busy';
  const last = (yield* rowOf(dialect.lastSeq))?.['seq'] as number;
  if (entries.some((row) => row['seq'] === last)) return 'busy';

  for (const row of recordings) yield* eraseRecording(row['id'] as number);
  yield* change(`DELETE FROM comments WHERE ${ofCallText}`, callId);
  yield* eraseTags(callId);
  if (call) yield* change('DELETE FROM calls WHERE id = $1', call['id'] as number);
  for (const row of entries) {
    for (const sql of dialect.deleteEntry) yield* change(sql, row['seq'] as number, callId);
  }
  yield* countOut(recordings);
  return 'erased';
}

const ofCallText = 'substr(call_id, 1, 200) = substr(CAST($1 AS TEXT), 1, 200) AND call_id = $1';

function isMessage(row: Row): boolean {
  return (row['type'] as number) < firstEventNumber;
}

function* eraseRecording(id: number): Work<void> {
  yield* change('DELETE FROM waveforms WHERE recording = $1', id);
  yield* change(`DELETE FROM acknowledgements WHERE kind = 'recording' AND subject = $1`, id);
  yield* change('DELETE FROM attempts WHERE recording_id = $1', id);
  yield* change('DELETE FROM recordings WHERE id = $1', id);
}

function* eraseTags(callId: string): Work<void> {
  const tags = yield* rowsOf(`SELECT tag FROM call_tags WHERE ${ofCallText} ORDER BY tag`, callId);
  yield* change(`DELETE FROM call_tags WHERE ${ofCallText}`, callId);
  for (const { tag } of tags) {
    yield* change('UPDATE tag_counts SET calls = calls - 1 WHERE tag = $1', tag as string);
    yield* change('DELETE FROM tag_counts WHERE tag = $1 AND calls <= 0', tag as string);
  }
}

/** Last, and in one order: everybody counts in the same rows. */
function* countOut(recordings: readonly Row[]): Work<void> {
  for (const state of recordingStates.keys()) {
    const count = recordings.filter((row) => row['state'] === state).length;
    if (count === 0) continue;
    yield* change('UPDATE recording_counts SET count = count - $2 WHERE state = $1', state, count);
  }
}
