import type { CommonRoles } from '../common-roles.js';
import { createAcknowledgements } from './acknowledgements.js';
import { accounts } from './accounts.js';
import { apiKeys } from './api-keys.js';
import { auditLog, auditLogReader } from './audit-log.js';
import { createComments } from './comments.js';
import { createDeliveries } from './deliveries.js';
import { createDispatch } from './dispatch.js';
import { createDownloads, createRecordingsWriter } from './downloads.js';
import { createEndpoints, createEndpointsWriter } from './endpoints.js';
import { hours } from './hours.js';
import { jobs, jobWork } from './jobs.js';
import { linkKeys, linkKeysWriter } from './link-keys.js';
import { toRole, type Operation, type OperationsOf } from './operations.js';
import { passkeys } from './passkeys.js';
import { createQuarantineWriter, quarantine } from './quarantine.js';
import { createReplays, createReplaysWriter } from './replays.js';
import { savedViews } from './saved-views.js';
import { secondFactors } from './second-factors.js';
import { sessions } from './sessions.js';
import { setup } from './setup.js';
import { signInFailures } from './sign-in-failures.js';
import { createSourceErasure } from './source-erasure.js';
import { sourceLimits } from './source-limits.js';
import { sources } from './sources.js';
import type { SqlDialect } from './sql-dialect.js';
import { createTags } from './tags.js';
import { createWaveformsWriter, waveforms } from './waveforms.js';

type CommonOperations = { readonly [Role in keyof CommonRoles]: OperationsOf<CommonRoles[Role]> };

function commonOperations(dialect: SqlDialect): CommonOperations {
  return {
    accounts,
    setup,
    secondFactors,
    passkeys,
    sessions,
    signInFailures,
    apiKeys,
    auditLog,
    auditLogReader,
    sources,
    sourceLimits,
    sourceErasure: createSourceErasure(dialect),
    savedViews,
    acknowledgements: createAcknowledgements(dialect),
    comments: createComments(dialect),
    tags: createTags(dialect),
    jobs,
    jobWork,
    waveforms,
    waveformsWriter: createWaveformsWriter(dialect),
    hours,
    recordingsWriter: createRecordingsWriter(dialect),
    downloads: createDownloads(dialect),
    quarantine,
    quarantineWriter: createQuarantineWriter(dialect),
    endpoints: createEndpoints(dialect),
    endpointsWriter: createEndpointsWriter(dialect),
    deliveries: createDeliveries(dialect),
    dispatch: createDispatch(dialect),
    replays: createReplays(dialect),
    replaysWriter: createReplaysWriter(dialect),
    linkKeys,
    linkKeysWriter,
  };
}

/** One call of a method of one of the roles. */
export interface CommonCall {
  readonly role: keyof CommonRoles;
  readonly method: string;
  readonly operation: Operation<unknown[], unknown>;
  readonly args: unknown[];
}

/** The roles, whose every call is what `run` makes of it. */
export function toCommonRoles(dialect: SqlDialect, run: (call: CommonCall) => Promise<unknown>): CommonRoles {
  return toRoles(dialect, run) as unknown as CommonRoles;
}

/** The same where `run` answers at once. */
export function toRoles(
  dialect: SqlDialect,
  run: (call: CommonCall) => unknown,
): Record<keyof CommonRoles, object> {
  const entries = Object.entries(commonOperations(dialect)) as [keyof CommonRoles, object][];
  return Object.fromEntries(
    entries.map(([role, operations]) => [
      role,
      toRole(operations, (method, operation, args) => run({ role, method, operation, args })),
    ]),
  ) as Record<keyof CommonRoles, object>;
}
