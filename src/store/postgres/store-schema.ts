import { acknowledgementTable, commonTables, passkeyTable, sourceLimitTables } from '../shared-sql/tables.js';
import { callTables } from './calls-schema.js';
import { journalTables } from './journal-schema.js';
import { moveTables } from './move-marks.js';
import { sendingTables } from './sending-schema.js';

const words = {
  text: 'text COLLATE "C"',
  integer: 'bigint',
  real: 'double precision',
  bytes: 'bytea',
  end: '',
};

/** Tables of people and their work, and what keeps the audit log as it is. Text compares as bytes, as in the embedded store. */
const commonSchema = `${commonTables(words)}
CREATE FUNCTION earshot_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION earshot_append_only();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION earshot_append_only();
`;

/** For stores of before there was a way to say so. */
const acknowledgements = acknowledgementTable(words);
const sourceLimits = sourceLimitTables(words);
const passkeys = passkeyTable(words);

/** For databases of before the length was in it. Serves the version before as well as the index that was there. */
const lengthsInOrder = `
DROP INDEX calls_sorted;
CREATE INDEX calls_sorted ON calls (sort_at, id, duration_seconds);
`;

/** Of those noted before, and by processes of the version before, nothing is known: their deliveries are looked at. */
const seqsOfStretches = `
ALTER TABLE delivery_stretches ADD COLUMN first_seq bigint NOT NULL DEFAULT 0;
ALTER TABLE delivery_stretches ADD COLUMN last_seq bigint NOT NULL DEFAULT ${Number.MAX_SAFE_INTEGER};
`;

/**
 * What a replay would send of those that died of one reason. The reason comes first: with the endpoint first, the planner
 * takes deliveries_replayable, and reads all that is dead to sort it.
 */
const deadByReason = `
CREATE INDEX deliveries_replayable_reason ON deliveries (reason, endpoint, id) INCLUDE (count)
  WHERE state = 2 AND replayed_as IS NULL AND reason IS DISTINCT FROM 'halved';
`;

/** For databases of before there was more than one flag. */
const flaggedInOrder = `
DROP INDEX IF EXISTS recordings_flagged;
CREATE INDEX recordings_flagged ON recordings (deadline_at, id) WHERE short <> 0;
`;

/** Before, every push was UTF-8. Processes of the version before leave it empty. */
const charsets = 'ALTER TABLE pushes ADD COLUMN charset text;';

/** Found by age once their pushes are gone, too. */
const goneFromQuarantine = 'CREATE INDEX quarantine_gone ON quarantine (received_at) WHERE body IS NULL;';

/** For databases of before `deleted` was a state of its own: what somebody had deleted was `lost` for that reason. */
const deletedApart = `
CREATE INDEX IF NOT EXISTS calls_deleted ON calls (sort_at, id) WHERE recording_states & 16 <> 0;
DROP STATISTICS IF EXISTS calls_states;
CREATE STATISTICS calls_states (mcv) ON (recording_states & 1), (recording_states & 2), (recording_states & 4),
  (recording_states & 8), (recording_states & 16) FROM calls;
INSERT INTO recording_counts VALUES (4, 0) ON CONFLICT DO NOTHING;
UPDATE recordings SET state = 4 WHERE state = 2 AND reason = 'deleted';
UPDATE calls SET recording_states = (SELECT coalesce(sum(DISTINCT 1 << state), 0) FROM recordings WHERE call = calls.id)::smallint
  WHERE id IN (SELECT call FROM recordings WHERE state = 4);
UPDATE recording_counts SET count = (SELECT count(*) FROM recordings WHERE recordings.state = recording_counts.state)
  WHERE state IN (2, 4);
`;

/** Those that were made before have neither owner nor end. */
const keysWithOwners = `
ALTER TABLE api_keys ADD COLUMN expires_at bigint;
ALTER TABLE api_keys ADD COLUMN owner_kind text;
ALTER TABLE api_keys ADD COLUMN owner_id text;
ALTER TABLE api_keys ADD COLUMN owner_name text;
`;

/** Absent in sessions that were opened before: then it is when they were opened. */
const proofsOfSessions = 'ALTER TABLE sessions ADD COLUMN proven_at bigint;';

/** Of people who sign in with a code as well. The hashes are a JSON list. */
const secondFactors = `
ALTER TABLE accounts ADD COLUMN totp_secret text;
ALTER TABLE accounts ADD COLUMN totp_step bigint;
ALTER TABLE accounts ADD COLUMN recovery_hashes text;
`;

/** What was archived before is in no day. */
const recordingsOfSources = `
ALTER TABLE source_limits ADD COLUMN recording_bytes_per_day bigint;
ALTER TABLE source_days ADD COLUMN recording_bytes bigint NOT NULL DEFAULT 0;
`;

/** `schemaSteps[n]` leads from version n of the schema to n + 1: see migrate.ts. */
export const schemaSteps: readonly string[] = [
  [journalTables, callTables, sendingTables, moveTables].join('\n'),
  commonSchema,
  lengthsInOrder + seqsOfStretches,
  deadByReason,
  flaggedInOrder,
  charsets,
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
