import { acknowledgementTable, commonTables, passkeyTable, sourceLimitTables } from '../shared-sql/tables.js';

const words = {
  text: 'text COLLATE "C"',
  integer: 'bigint',
  real: 'double precision',
  bytes: 'bytea',
  end: '',
};

/** Tables of people and their work, and what keeps the audit log as it is. Text compares as bytes, as in the embedded store. */
export const commonSchema = `${commonTables(words)}
CREATE FUNCTION earshot_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'the audit log is append-only';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION earshot_append_only();
CREATE TRIGGER audit_log_no_truncate BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION earshot_append_only();
`;

/** For stores of before there was a way to say so. */
export const acknowledgements = acknowledgementTable(words);
export const sourceLimits = sourceLimitTables(words);
export const passkeys = passkeyTable(words);
