import type { Accounts, Setup } from './accounts.js';
import type { ApiKeys } from './api-keys.js';
import type { AuditLog, AuditLogReader } from './audit-log.js';
import type { Sessions, SignInFailures } from './sessions.js';

/** People and their work: written once for all back ends (shared-sql/). */
export interface CommonRoles {
  readonly accounts: Accounts;
  readonly setup: Setup;
  readonly sessions: Sessions;
  readonly signInFailures: SignInFailures;
  readonly apiKeys: ApiKeys;
  readonly auditLog: AuditLog;
  readonly auditLogReader: AuditLogReader;
}
