/**
 * What the projector builds, and the attempts at downloads. Instants are epoch milliseconds; ids that come from
 * outside compare as bytes, may be of any length and are indexed by their first 200 characters.
 */
export const callTables = `${projectionTables('')}
-- Partitions are made by partitions.ts, one a month (months since 1970-01, UTC).
CREATE SEQUENCE attempts_id;
CREATE TABLE attempts (
  month integer NOT NULL,
  id bigint NOT NULL DEFAULT nextval('attempts_id'),
  recording_id bigint NOT NULL,
  at bigint NOT NULL,
  outcome text NOT NULL,
  reason text NOT NULL,
  status integer,
  duration_ms bigint NOT NULL,
  bytes bigint NOT NULL,
  resumed_from bigint,
  address text,
  head_ms bigint,
  detail text
) PARTITION BY RANGE (month);
CREATE INDEX attempts_recording ON attempts (recording_id, id);
`;

/** Tables of a projection, in the order in which they are locked. */
export const projectedTables = ['calls', 'recordings', 'recording_counts'] as const;

/**
 * Calls and recordings. With a suffix, the same tables again beside the ones in use: a rebuild fills them and then
 * takes their place. Ids are the seq of the first entry that told of the call or recording, so a rebuild gives
 * everything the id it had. A call is found by its callId here and not in the journal, whose months may be dropped.
 */
export function projectionTables(suffix: string): string {
  const calls = `calls${suffix}`;
  const recordings = `recordings${suffix}`;
  return `
CREATE TABLE ${calls} (
  id bigint PRIMARY KEY,
  call_id text COLLATE "C" NOT NULL,
  call_tail text COLLATE "C",         -- the half behind '^'; that before it is a range of call ids
  task_id text COLLATE "C",
  detail_id text COLLATE "C",
  batch_id text COLLATE "C",
  out_id text COLLATE "C",
  start_time text,
  end_time text,
  start_at bigint,
  end_at bigint,
  duration_seconds double precision,
  times_rank smallint NOT NULL,       -- of the message that the times come from
  flags smallint NOT NULL,
  first_received_at bigint NOT NULL,
  last_received_at bigint NOT NULL,
  sort_at bigint NOT NULL,            -- when the call was: rows/call-row.ts
  recording_states smallint NOT NULL  -- bit n: has a recording in state n
);
-- Without it, the planner takes every state to be that of all calls.
CREATE STATISTICS ${calls}_states (mcv) ON (recording_states & 1), (recording_states & 2), (recording_states & 4),
  (recording_states & 8), (recording_states & 16) FROM ${calls};
CREATE INDEX ${calls}_call ON ${calls} (left(call_id, 200));
CREATE INDEX ${calls}_tail ON ${calls} (left(call_tail, 200), sort_at, id) WHERE call_tail IS NOT NULL;
CREATE INDEX ${calls}_task ON ${calls} (left(task_id, 200), sort_at, id) WHERE task_id IS NOT NULL;
CREATE INDEX ${calls}_detail ON ${calls} (left(detail_id, 200), sort_at, id) WHERE detail_id IS NOT NULL;
CREATE INDEX ${calls}_batch ON ${calls} (left(batch_id, 200), sort_at, id) WHERE batch_id IS NOT NULL;
CREATE INDEX ${calls}_out ON ${calls} (left(out_id, 200), sort_at, id) WHERE out_id IS NOT NULL;
-- With the length: a rare one is looked for in the index, and not in millions of rows.
CREATE INDEX ${calls}_sorted ON ${calls} (sort_at, id, duration_seconds);
CREATE INDEX ${calls}_pending ON ${calls} (sort_at, id) WHERE recording_states & 1 <> 0;
CREATE INDEX ${calls}_archived ON ${calls} (sort_at, id) WHERE recording_states & 2 <> 0;
CREATE INDEX ${calls}_lost ON ${calls} (sort_at, id) WHERE recording_states & 4 <> 0;
CREATE INDEX ${calls}_blocked ON ${calls} (sort_at, id) WHERE recording_states & 8 <> 0;
CREATE INDEX ${calls}_deleted ON ${calls} (sort_at, id) WHERE recording_states & 16 <> 0;

CREATE TABLE ${recordings} (
  id bigint PRIMARY KEY,
  call bigint NOT NULL,               -- ${calls}.id
  call_id text COLLATE "C" NOT NULL,
  host text COLLATE "C" NOT NULL,
  path text COLLATE "C" NOT NULL,
  link text COLLATE "C" NOT NULL,
  link_seq bigint NOT NULL,           -- of the message that the link comes from
  state smallint NOT NULL,            -- 0 pending, 1 archived, 2 lost, 3 blocked, 4 deleted
  phase smallint,                     -- of a pending one: 0 waits until next_attempt_at, 1 is due, 2 is leased
  deadline_at bigint NOT NULL,
  next_attempt_at bigint,
  forced smallint NOT NULL DEFAULT 0,
  generation bigint NOT NULL DEFAULT 0,
  leased_until bigint,
  leased_link_seq bigint,
  attempts integer NOT NULL DEFAULT 0, -- that count: the attempts themselves may be dropped by the month
  reason text,
  short smallint NOT NULL DEFAULT 0,  -- bit n: has the flag n; there was but one when it was named
  bytes bigint,
  sha256 text,
  container text,
  codec text,
  channels bigint,
  sample_rate bigint,
  seconds double precision,
  archived_at bigint,
  file_name text
);
CREATE INDEX ${recordings}_call ON ${recordings} (call);
CREATE INDEX ${recordings}_by_deadline ON ${recordings} (state, deadline_at, id);
CREATE INDEX ${recordings}_flagged ON ${recordings} (deadline_at, id) WHERE short <> 0;
CREATE INDEX ${recordings}_waiting ON ${recordings} (next_attempt_at) WHERE phase = 0;
CREATE INDEX ${recordings}_due ON ${recordings} (left(host, 200), deadline_at, id) WHERE phase = 1;
CREATE INDEX ${recordings}_leased ON ${recordings} (leased_until) WHERE phase = 2;

-- Kept exact by whoever changes a state, in the same transaction: counting millions of rows is no query.
CREATE TABLE recording_counts${suffix} (state smallint PRIMARY KEY, count bigint NOT NULL);
INSERT INTO recording_counts${suffix} VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0);
`;
}
