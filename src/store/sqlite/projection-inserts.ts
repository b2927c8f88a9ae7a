import { firstEventNumber } from '../rows/entry-types.js';
import { phase, toStateNumber } from '../rows/recording-row.js';
import { column } from './packed-changes.js';

const pending = toStateNumber('pending');

/** Of packed messages (packed-changes.ts), those behind the cursor that are the first of their call. */
const firstOfCall = `${column('seq')} > ?2 AND NOT EXISTS
  (SELECT 1 FROM journal WHERE call_id = ${column('callId')} AND type < ${firstEventNumber} AND +seq < ${column('seq')})`;

/** Calls that packed messages are the first to tell of, many in one statement. ?1 is their rows, ?2 what was folded before. */
export const insertCallsSql = `
  INSERT INTO {calls} (id, call_id, call_tail, task_id, detail_id, batch_id, out_id, start_time, end_time, start_at, end_at,
    duration_seconds, times_rank, flags, first_received_at, last_received_at, sort_at, recording_states)
  SELECT ${column('seq')}, ${column('callId')}, ${column('tail')}, ${column('taskId')}, ${column('detailId')},
    ${column('batchId')}, ${column('outId')}, ${column('startTime')}, ${column('endTime')}, ${column('startAt')},
    ${column('endAt')}, ${column('durationSeconds')}, ${column('rank')}, ${column('flags')}, ${column('receivedAt')},
    ${column('receivedAt')}, ${column('sortAt')},
    iif(${column('link')} IS NULL, 0, ${1 << pending})
  FROM jsonb_each(?1) WHERE ${firstOfCall} ON CONFLICT DO NOTHING`;

/** Run right after the calls: the first message of a call is the one whose seq is the call's id. */
export const insertRecordingsSql = `
  INSERT INTO {recordings} (id, call, call_id, host, path, link, link_seq, state, phase, deadline_at, next_attempt_at)
  SELECT ${column('seq')}, ${column('seq')}, ${column('callId')}, ${column('host')}, ${column('path')}, ${column('link')},
    ${column('seq')}, ${pending}, iif(${column('dueAt')} IS NULL, NULL, ${phase.due}), ${column('deadlineAt')}, ${column('dueAt')}
  FROM jsonb_each(?1) WHERE ${column('seq')} > ?2 AND ${column('link')} IS NOT NULL
    AND EXISTS (SELECT 1 FROM {calls} WHERE id = ${column('seq')}) ON CONFLICT DO NOTHING`;
