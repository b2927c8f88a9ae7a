import type { Status } from '../contract/status.js';
import type { ProcessStatus, ServiceStatus } from '../telemetry/status.js';
import { known, toInstant, toInstantWhereKnown } from './json-values.js';

export function toStatusJson(status: ServiceStatus): Status {
  return known({
    version: status.version,
    instance: status.instance,
    startedAt: toInstant(status.startedAt),
    intake: {
      pushesPerMinute: status.intake.pushesPerMinute,
      messagesPerMinute: status.intake.messagesPerMinute,
      duplicatesPerMinute: status.intake.duplicatesPerMinute,
      ackMs: { ...status.intake.ackMs },
    },
    inbox: known({
      pending: status.inbox.pending,
      oldestAt: toInstantWhereKnown(status.inbox.oldestAt),
    }),
    journal: { lastSeq: status.journal.lastSeq },
    consumers: status.consumers.map(({ name, cursor, lag, oldestAt }) =>
      known({ name, cursor, lag, oldestAt: toInstantWhereKnown(oldestAt) }),
    ),
    endpoints: status.endpoints.map(({ id, name, state, lag, pending, dead, successRate, nextAttemptAt }) =>
      known({
        id,
        name,
        state,
        lag,
        pending,
        dead,
        successRate,
        nextAttemptAt: toInstantWhereKnown(nextAttemptAt),
      }),
    ),
    recordings: {
      pending: status.recordings.pending,
      archived: status.recordings.archived,
      lost: status.recordings.lost,
      blocked: status.recordings.blocked,
      deleted: status.recordings.deleted,
      acknowledged: status.recordings.acknowledged,
      madeUp: status.recordings.madeUp,
    },
    nextDeadlineAt: toInstantWhereKnown(status.nextDeadlineAt),
    quarantine: status.quarantine,
    storage: known({ ...status.storage }),
    readiness: known({ ready: status.readiness.ready, reason: status.readiness.reason }),
    store: { kind: status.store.kind, state: status.store.state, since: toInstant(status.store.since) },
    processes: status.processes.map(toProcessJson),
  });
}

function toProcessJson(process: ProcessStatus): Status['processes'][number] {
  const { id, host, pid, roles, version, inbox, endpoints } = process;
  return known({
    ...{ id, host, pid, roles: [...roles], version },
    startedAt: toInstant(process.startedAt),
    seenAt: toInstant(process.seenAt),
    inbox:
      inbox &&
      known({
        goesTo: inbox.goesTo,
        pending: inbox.pending,
        bytes: inbox.bytes,
        oldestAt: toInstantWhereKnown(inbox.oldestAt),
      }),
    duties: [...process.duties],
    endpoints,
  });
}
