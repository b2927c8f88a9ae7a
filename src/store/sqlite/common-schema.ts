import { acknowledgementTable, commonTables, passkeyTable, sourceLimitTables } from '../shared-sql/tables.js';

const words = {
  text: 'TEXT',
  integer: 'INTEGER',
  real: 'REAL',
  bytes: 'BLOB',
  end: ' STRICT',
};

/** Tables of people and their work, and what keeps the audit log as it is. */
export const commonSchema = `${commonTables(words)}
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
export const acknowledgements = acknowledgementTable(words);
export const sourceLimits = sourceLimitTables(words);
export const passkeys = passkeyTable(words);
