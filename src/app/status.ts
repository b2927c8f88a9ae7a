import type { RecentIntake, ServiceStatus } from '../http/service-status.js';
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
    ],
    recordings,
    ...(nextDeadlineAt === undefined ? {} : { nextDeadlineAt }),
    quarantine,
    storage: freeBytes === undefined ? {} : { freeBytes },
  };
}
