import type * as wire from '../contract/status.js';
import type { EndpointState } from '../domain/endpoint.js';
import type { RecordingState } from '../domain/recording.js';
import type { DutyName } from '../store/duties.js';
import type { ProcessReport } from '../store/processes.js';
import { toInstant, toInstantWhereKnown } from './instant.js';
import { known } from './known.js';

/** How it goes, as the place that knows every part tells it. Instants in ms. */
export interface ServiceStatus {
  readonly version: string;
  readonly instance: string;
  readonly startedAt: number;
  readonly intake: RecentIntake;
  readonly inbox: { readonly pending: number; readonly oldestAt?: number };
  readonly journal: { readonly lastSeq: number };
  readonly consumers: readonly ConsumerStatus[];
  readonly endpoints: readonly EndpointStatus[];
  /** Lost ones whose loss somebody has acknowledged are counted apart, and so are those of samples and demo data. */
  readonly recordings: Readonly<Record<RecordingState | 'acknowledged' | 'madeUp', number>>;
  readonly nextDeadlineAt?: number;
  readonly quarantine: number;
  readonly storage: {
    readonly freeBytes?: number;
    readonly reservedBytes?: number;
    readonly isFull?: boolean;
  };
  readonly store: {
    readonly kind: 'embedded' | 'postgres';
    readonly state: 'reachable' | 'unreachable';
    readonly since: number;
  };
  readonly processes: readonly ProcessStatus[];
  /** Of the process that answers, as /readyz says it. */
  readonly readiness: { readonly ready: boolean; readonly reason?: string };
}

/** How far one reader of the journal (or, the sorter, of the inbox) has come. */
export interface ConsumerStatus {
  readonly name: string;
  readonly cursor: number;
  /** What it has still to read. */
  readonly lag: number;
  /** Receipt of the first of it. */
  readonly oldestAt?: number;
}

/** A process as it last told of itself, and what it does for all. */
export interface ProcessStatus extends ProcessReport {
  readonly duties: readonly DutyName[];
}

/** How pushing to one endpoint goes. */
export interface EndpointStatus {
  readonly id: string;
  readonly name: string;
  readonly state: EndpointState;
  /** Entries of the journal that it has still to read. */
  readonly lag: number;
  /** Deliveries by state; of the dead ones those that wait. */
  readonly pending: number;
  readonly dead: number;
  readonly delivered: number;
  /** Of its latest attempts, from 0 to 1. */
  readonly successRate?: number;
  readonly nextAttemptAt?: number;
}

/** The last minute of intake, of this process. No times where nothing was acknowledged. */
export interface RecentIntake {
  readonly pushesPerMinute: number;
  readonly messagesPerMinute: number;
  readonly duplicatesPerMinute: number;
  readonly ackMs: { readonly p50?: number; readonly p99?: number; readonly max?: number };
}

export function toStatusJson(status: ServiceStatus): wire.Status {
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

function toProcessJson(process: ProcessStatus): wire.Status['processes'][number] {
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
