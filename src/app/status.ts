import { stateOf } from '../domain/endpoint.js';
import type { EndpointStatus, RecentIntake, ServiceStatus } from '../http/service-status.js';
import type { AssetStorage } from '../storage/asset-storage.js';
import type { InboxReader } from '../store/inbox.js';
import type { ReaderRoles } from '../store/store.js';

export interface StatusParts {
  readonly version: string;
  readonly instance: string;
  readonly startedAt: number;
  readonly store: ReaderRoles;
  readonly inbox: Pick<InboxReader, 'backlog'>;
  readonly assets: Pick<AssetStorage, 'freeBytes'>;
  readonly recentIntake: () => RecentIntake;
  /** Of an endpoint's latest attempts, the share that succeeded; undefined where there were none. */
  readonly successRate: (endpointId: string) => number | undefined;
}

/** Gathers how it goes from every part. The sorter's lag is in pushes, the projector's in entries. */
export async function readStatus(parts: StatusParts): Promise<ServiceStatus> {
  const { store, version, instance, startedAt } = parts;
  const [cursors, lastSeq, recordings, nextDeadlineAt, quarantine, freeBytes] = await Promise.all([
    store.journal.cursors(),
    store.journal.lastSeq(),
    store.recordings.counts(),
    store.recordings.nextDeadlineAt(),
    store.quarantine.count(),
    parts.assets.freeBytes(),
  ]);
  const backlog = await parts.inbox.backlog(cursors.sorter);
  const endpoints = await readEndpoints(parts, lastSeq);
  return {
    version,
    instance,
    startedAt,
    intake: parts.recentIntake(),
    inbox: backlog,
    journal: { lastSeq },
    consumers: [
      { name: 'sorter', cursor: cursors.sorter, lag: backlog.pending },
      { name: 'projector', cursor: cursors.projector, lag: lastSeq - cursors.projector },
      ...endpoints.map(({ id, cursor, lag }) => ({ name: `endpoint:${id}`, cursor, lag })),
    ],
    endpoints,
    recordings,
    ...(nextDeadlineAt === undefined ? {} : { nextDeadlineAt }),
    quarantine,
    storage: freeBytes === undefined ? {} : { freeBytes },
  };
}

async function readEndpoints(
  { store, successRate }: StatusParts,
  lastSeq: number,
): Promise<(EndpointStatus & { cursor: number })[]> {
  const endpoints = await store.endpoints.list();
  return Promise.all(
    endpoints.map(async (endpoint) => {
      const { id, settings, cursor, health } = endpoint;
      const { pending, dead, delivered, nextAttemptAt } = await store.endpoints.tally(id);
      const rate = successRate(id);
      // While the breaker is open, what is due waits for the probe.
      const nextAt = nextAttemptAt === undefined ? undefined : Math.max(nextAttemptAt, health.probeAt ?? 0);
      return {
        ...{ id, name: settings.name, state: stateOf(endpoint), cursor },
        // The journal may have grown, and been read, since its end was asked for.
        lag: Math.max(0, lastSeq - cursor),
        ...{ pending, dead, delivered },
        ...(rate === undefined ? {} : { successRate: rate }),
        ...(nextAt === undefined ? {} : { nextAttemptAt: nextAt }),
      };
    }),
  );
}
