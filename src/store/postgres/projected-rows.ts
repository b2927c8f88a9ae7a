import type { ToldColumns } from '../rows/call-row.js';
import type { Columns, Row } from '../rows/row.js';

/** A row of `calls`. */
export interface CallRow extends Row, ToldColumns {
  readonly id: number;
  readonly call_id: string;
  readonly call_tail: string | null;
  /** Bit n: has a recording in state n. */
  readonly recording_states: number;
}

/** A row of `recordings`. */
export interface RecordingRow extends Row {
  readonly id: number;
  readonly call: number;
  readonly call_id: string;
  readonly host: string;
  readonly path: string;
  readonly link: string;
  readonly link_seq: number;
  readonly state: number;
  readonly phase: number | null;
  readonly deadline_at: number;
  readonly next_attempt_at: number | null;
  readonly forced: number;
  readonly generation: number;
  readonly leased_until: number | null;
  readonly leased_link_seq: number | null;
  readonly attempts: number;
  readonly reason: string | null;
  readonly short: number;
  readonly bytes: number | null;
  readonly sha256: string | null;
  readonly container: string | null;
  readonly codec: string | null;
  readonly channels: number | null;
  readonly sample_rate: number | null;
  readonly seconds: number | null;
  readonly archived_at: number | null;
  readonly file_name: string | null;
}

/** What further messages change in a call. Its states are another's: see recording-states.ts. */
export const toldColumns = {
  task_id: 'text',
  detail_id: 'text',
  batch_id: 'text',
  out_id: 'text',
  start_time: 'text',
  end_time: 'text',
  start_at: 'bigint',
  end_at: 'bigint',
  duration_seconds: 'double precision',
  times_rank: 'smallint',
  flags: 'smallint',
  first_received_at: 'bigint',
  last_received_at: 'bigint',
  sort_at: 'bigint',
} as const satisfies Columns;

export const callColumns = {
  id: 'bigint',
  call_id: 'text',
  call_tail: 'text',
  ...toldColumns,
  recording_states: 'smallint',
} as const satisfies Columns;

/** What changes in a recording once it is there. */
export const changingColumns = {
  host: 'text',
  link: 'text',
  link_seq: 'bigint',
  state: 'smallint',
  phase: 'smallint',
  deadline_at: 'bigint',
  next_attempt_at: 'bigint',
  forced: 'smallint',
  generation: 'bigint',
  leased_until: 'bigint',
  leased_link_seq: 'bigint',
  attempts: 'integer',
  reason: 'text',
  short: 'smallint',
  bytes: 'bigint',
  sha256: 'text',
  container: 'text',
  codec: 'text',
  channels: 'bigint',
  sample_rate: 'bigint',
  seconds: 'double precision',
  archived_at: 'bigint',
  file_name: 'text',
} as const satisfies Columns;

export const recordingColumns = {
  id: 'bigint',
  call: 'bigint',
  call_id: 'text',
  path: 'text',
  ...changingColumns,
} as const satisfies Columns;

/** Columns are named in every query: `*` would change under a prepared statement when a newer version adds one. */
export const callColumnNames = Object.keys(callColumns).join(', ');
export const recordingColumnNames = Object.keys(recordingColumns).join(', ');
