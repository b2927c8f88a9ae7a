import { acknowledgementTable, commonTables, passkeyTable, sourceLimitTables } from '../shared-sql/tables.js';
import { type Connection, migrate } from './connection.js';
import { sendingTables } from './sending-schema.js';

const words = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  bytes: 'BLOB',
  end: ' STRICT',
};

/** Tables of people and their work, and what keeps the audit log as it is. */
const commonSchema = `${commonTables(words)}
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
  BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
  BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
-- Without it, an INSERT OR REPLACE would delete unseen.
CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
  WHEN EXISTS (SELECT 1 FROM audit_log WHERE seq = new.seq)
  BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
`;

/** For stores of before there was a way to say so. */
const acknowledgements = acknowledgementTable(words);
const sourceLimits = sourceLimitTables(words);
const passkeys = passkeyTable(words);

/**
 * The second file: journal, calls, recordings and what belongs to them. Instants are epoch milliseconds.
 * Indexes are chosen so that ids which grow with time (seq, deadlines, tasks) are appended to, and only
 * the call ids, whose order nobody promises, land anywhere: a random insert into a large index costs a page.
 */
export function migrateStore(connection: Connection): void {
  migrate(connection, 'store', storeSteps());
}

/** `storeSteps()[n]` leads from version n of the file to n + 1. */
export function storeSteps(): readonly string[] {
  return [
    journalAndQuarantine + projectionTables('') + archiving,
    sendingTables,
    commonSchema,
    lengthsInOrder + seqsOfStretches,
    flaggedInOrder,
    goneFromQuarantine,
    deletedApart,
    acknowledgements,
    proofsOfSessions,
    sourceLimits,
    keysWithOwners,
    secondFactors,
    recordingsOfSources,
    passkeys,
  ];
}

/** For files of before the length was in it. */
const lengthsInOrder = `
DROP INDEX calls_sorted;
CREATE INDEX calls_sorted ON calls (sort_at, id, duration_seconds);
`;

/** Of those noted before, nothing is known: their deliveries are looked at. */
const seqsOfStretches = `
ALTER TABLE delivery_stretches ADD COLUMN first_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery_stretches ADD COLUMN last_seq INTEGER NOT NULL DEFAULT ${Number.MAX_SAFE_INTEGER};
`;

/** For files of before there was more than one flag. */
const flaggedInOrder = `
DROP INDEX IF EXISTS recordings_flagged;
CREATE INDEX recordings_flagged ON recordings (deadline_at) WHERE short <> 0;
`;

/** Found by age once their pushes are gone, too. */
const goneFromQuarantine = `
CREATE INDEX quarantine_gone ON quarantine (received_at) WHERE body IS NULL;
`;

/** For files of before `deleted` was a state of its own: what somebody had deleted was `lost` for that reason. */
const deletedApart = `
CREATE INDEX IF NOT EXISTS calls_deleted ON calls (sort_at) WHERE recording_states & 16;
INSERT OR IGNORE INTO recording_counts VALUES (4, 0);
UPDATE recordings SET state = 4 WHERE state = 2 AND reason = 'deleted';
UPDATE calls SET recording_states = (SELECT coalesce(sum(DISTINCT 1 << state), 0) FROM recordings WHERE call = calls.id)
  WHERE id IN (SELECT call FROM recordings WHERE state = 4);
UPDATE recording_counts SET count = (SELECT count(*) FROM recordings WHERE recordings.state = recording_counts.state)
  WHERE state IN (2, 4);
`;

/** Those that were made before have neither owner nor end. */
const keysWithOwners = `
ALTER TABLE api_keys ADD COLUMN expires_at INTEGER;
ALTER TABLE api_keys ADD COLUMN owner_kind TEXT;
ALTER TABLE api_keys ADD COLUMN owner_id TEXT;
ALTER TABLE api_keys ADD COLUMN owner_name TEXT;
`;

/** Absent in sessions that were opened before: then it is when they were opened. */
const proofsOfSessions = 'ALTER TABLE sessions ADD COLUMN proven_at INTEGER;';

/** Of people who sign in with a code as well. The hashes are a JSON list. */
const secondFactors = `
ALTER TABLE accounts ADD COLUMN totp_secret TEXT;
ALTER TABLE accounts ADD COLUMN totp_step INTEGER;
ALTER TABLE accounts ADD COLUMN recovery_hashes TEXT;
`;

/** What was archived before is in no day. */
const recordingsOfSources = `
ALTER TABLE source_limits ADD COLUMN recording_bytes_per_day INTEGER;
ALTER TABLE source_days ADD COLUMN recording_bytes INTEGER NOT NULL DEFAULT 0;
`;

const journalAndQuarantine = `
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  type INTEGER NOT NULL,            -- see rows/entry-row.ts
  call_id TEXT NOT NULL,
  digest BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  text TEXT NOT NULL                -- the element as received
) STRICT;
-- Identity of a message, and the way to all entries of one call.
CREATE UNIQUE INDEX journal_identity ON journal (call_id, type, digest);

CREATE TABLE cursors (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  push_id INTEGER NOT NULL,
  item_index INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  path_type TEXT,
  reason TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  body BLOB,                        -- NULL once resolved or discarded: the row stays, so that reading the push again does not bring it back
  UNIQUE (push_id, item_index)
) STRICT;
CREATE INDEX quarantine_open ON quarantine (id) WHERE body IS NOT NULL;

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

const archiving = `
CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  recording_id INTEGER NOT NULL,
  at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  status INTEGER,
  duration_ms INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  resumed_from INTEGER,
  address TEXT,
  head_ms INTEGER,
  detail TEXT
) STRICT;
CREATE INDEX attempts_recording ON attempts (recording_id, outcome); -- counted without a look at the rows
`;

/**
 * What the projector builds. A call is found by its callId through the journal's identity index: its id is the
 * smallest seq there. An index of its own would be a second one that every insert hits at random.
 * With a suffix, the same tables again beside the ones in use: a rebuild fills
 * them and then takes their place. Ids are the seq of the first entry that told of the call or recording,
 * so a rebuild gives everything the id it had.
 */
export function projectionTables(suffix: string): string {
  const calls = `calls${suffix}`;
  const recordings = `recordings${suffix}`;
  return `
CREATE TABLE ${calls} (
  id INTEGER PRIMARY KEY,
  call_id TEXT NOT NULL,
  call_tail TEXT,                   -- the half behind '^'; that before it is a range of call ids
  task_id TEXT, detail_id TEXT, batch_id TEXT, out_id TEXT,
  start_time TEXT, end_time TEXT, start_at INTEGER, end_at INTEGER, duration_seconds REAL,
  times_rank INTEGER NOT NULL,      -- of the message that the times come from
  flags INTEGER NOT NULL,
  first_received_at INTEGER NOT NULL,
  last_received_at INTEGER NOT NULL,
  sort_at INTEGER NOT NULL,         -- when the call was: rows/call-row.ts
  recording_states INTEGER NOT NULL -- bit n: has a recording in state n
) STRICT;
CREATE INDEX ${calls}_tail ON ${calls} (call_tail, sort_at) WHERE call_tail IS NOT NULL;
CREATE INDEX ${calls}_task ON ${calls} (task_id, sort_at) WHERE task_id IS NOT NULL;
CREATE INDEX ${calls}_detail ON ${calls} (detail_id, sort_at) WHERE detail_id IS NOT NULL;
CREATE INDEX ${calls}_batch ON ${calls} (batch_id, sort_at) WHERE batch_id IS NOT NULL;
CREATE INDEX ${calls}_out ON ${calls} (out_id, sort_at) WHERE out_id IS NOT NULL;
-- With the length: a rare one is looked for in the index, and not in millions of rows.
CREATE INDEX ${calls}_sorted ON ${calls} (sort_at, id, duration_seconds);
CREATE INDEX ${calls}_pending ON ${calls} (sort_at) WHERE recording_states & 1;
CREATE INDEX ${calls}_archived ON ${calls} (sort_at) WHERE recording_states & 2;
CREATE INDEX ${calls}_lost ON ${calls} (sort_at) WHERE recording_states & 4;
CREATE INDEX ${calls}_blocked ON ${calls} (sort_at) WHERE recording_states & 8;
CREATE INDEX ${calls}_deleted ON ${calls} (sort_at) WHERE recording_states & 16;

CREATE TABLE ${recordings} (
  id INTEGER PRIMARY KEY,
  call INTEGER NOT NULL,            -- ${calls}.id
  call_id TEXT NOT NULL,
  host TEXT NOT NULL,
  path TEXT NOT NULL,
  link TEXT NOT NULL,
  link_seq INTEGER NOT NULL,        -- of the message that the link comes from
  state INTEGER NOT NULL,           -- 0 pending, 1 archived, 2 lost, 3 blocked, 4 deleted
  phase INTEGER,                    -- of a pending one: 0 waits until next_attempt_at, 1 is due, 2 is leased
  deadline_at INTEGER NOT NULL,
  next_attempt_at INTEGER,
  forced INTEGER NOT NULL DEFAULT 0,
  generation INTEGER NOT NULL DEFAULT 0,
  leased_until INTEGER,
  leased_link_seq INTEGER,
  reason TEXT,
  short INTEGER NOT NULL DEFAULT 0, -- bit n: has the flag n; there was but one when it was named
  bytes INTEGER, sha256 TEXT, container TEXT, codec TEXT, channels INTEGER, sample_rate INTEGER, seconds REAL,
  archived_at INTEGER, file_name TEXT
) STRICT;
CREATE INDEX ${recordings}_call ON ${recordings} (call);
CREATE INDEX ${recordings}_by_deadline ON ${recordings} (state, deadline_at);
CREATE INDEX ${recordings}_flagged ON ${recordings} (deadline_at) WHERE short <> 0;
CREATE INDEX ${recordings}_waiting ON ${recordings} (next_attempt_at) WHERE phase = 0;
CREATE INDEX ${recordings}_due ON ${recordings} (host, deadline_at) WHERE phase = 1;
CREATE INDEX ${recordings}_leased ON ${recordings} (leased_until) WHERE phase = 2;

-- Kept exact by whoever changes a state, in the same transaction: counting millions of rows is no query.
CREATE TABLE recording_counts${suffix} (state INTEGER PRIMARY KEY, count INTEGER NOT NULL) STRICT;
INSERT INTO recording_counts${suffix} VALUES (0, 0), (1, 0), (2, 0), (3, 0), (4, 0);
`;
}
