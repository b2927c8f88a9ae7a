import type { Clock } from '../domain/clock.js';
import { type EndpointState, stateOf } from '../domain/endpoint.js';
import { processGoneAfterMs } from '../domain/lease.js';
import type { RecordingState } from '../domain/recording.js';
import type { CommonRoles } from '../store/common-roles.js';
import type { InboxReader } from '../store/inbox.js';
import {
  type Duty,
  type DutyName,
  dutyNames,
  type ProcessReport,
  type SharedRoles,
} from '../store/shared-roles.js';
import { StoreError } from '../store/store-error.js';
import type { Store } from '../store/store.js';
import type { Readiness } from './readiness.js';
import type { Space, StorageSpace } from './storage-space.js';
import { inGoodTime, type StoreState, type StoreWatch } from './store-watch.js';

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

/** A process as it reported last, and what it does for all. */
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

export interface StatusParts {
  readonly version: string;
  readonly instance: string;
  readonly startedAt: number;
  readonly store: Pick<Store, 'journal' | 'recordings' | 'quarantine' | 'endpoints' | 'deliveries'> &
    Pick<CommonRoles, 'waveforms' | 'acknowledgements'> & {
      readonly kind: ServiceStatus['store']['kind'];
      readonly inboxReader: Pick<InboxReader, 'backlog'>;
      /** Where other processes may work on it, too. */
      readonly shared?: SharedRoles;
    };
  readonly watch: Pick<StoreWatch, 'now' | 'failed'>;
  /** Of this process, as it is now. */
  readonly describe: () => Promise<ProcessReport>;
  readonly space: Pick<StorageSpace, 'read'>;
  /** Whether this process can do its part, as /readyz says it. */
  readonly readiness: () => Promise<Readiness> | Readiness;
  readonly recentIntake: () => RecentIntake;
  /** Of an endpoint's latest attempts, the share that succeeded; undefined where there were none. */
  readonly successRate: (endpointId: string) => number | undefined;
  readonly clock: Clock;
}

type StateCounts = Readonly<Record<RecordingState, number>>;

/** What only the store knows. */
type Figures = Awaited<ReturnType<typeof readFigures>>;

/** Figures, and whether the store answered with them: it may be back before they are told, and they are old all the same. */
interface Answer {
  readonly figures: Figures;
  readonly state: StoreState;
}

/**
 * Gathers how it goes from every part. The sorter's lag is in pushes, the projector's in entries. While the store cannot
 * be reached, what it knows is told as it was last: how things stood before is worth more than no page at all.
 */
export function createStatus(parts: StatusParts): () => Promise<ServiceStatus> {
  let last: Figures | undefined;
  return async () => {
    // What waits here before what waits there: of what is on its way between them, nothing is missed.
    const own = await parts.describe();
    const answer = await readOrRecall(parts, last);
    last = answer.figures;
    const { ready, reason } = await parts.readiness();
    const readiness = { ready, ...(reason === undefined ? {} : { reason }) };
    return { ...toStatus(parts, answer, own, await parts.space.read()), readiness };
  };
}

async function readOrRecall(parts: StatusParts, last: Figures | undefined): Promise<Answer> {
  const { watch } = parts;
  if (last && watch.now.state === 'unreachable') return { figures: last, state: watch.now };
  try {
    const reading = readFigures(parts);
    const figures = await (last && parts.store.shared ? inGoodTime(reading) : reading);
    return { figures, state: watch.now };
  } catch (error) {
    if (!last || !(error instanceof StoreError) || error.kind !== 'unreachable') throw error;
    watch.failed(error);
    return { figures: last, state: watch.now };
  }
}

async function readFigures(parts: StatusParts) {
  const { store } = parts;
  const [cursors, analysed, lastSeq, counts, madeUp, acknowledged, nextDeadlineAt, quarantine, others] =
    await Promise.all([
      store.journal.cursors(),
      store.waveforms.cursor(),
      store.journal.lastSeq(),
      store.recordings.counts(),
      store.recordings.countMadeUp(),
      store.acknowledgements.countRecordings(),
      store.recordings.nextDeadlineAt(),
      store.quarantine.count(),
      readOthers(parts),
    ]);
  const backlog = await store.inboxReader.backlog(cursors.sorter);
  const endpoints = await readEndpoints(parts, lastSeq);
  const consumers = await Promise.all(
    [
      { name: 'projector', cursor: cursors.projector },
      // Its cursor was asked for together with the journal's end, and may be ahead of that.
      { name: 'analyser', cursor: analysed },
      ...endpoints.map(({ id, cursor }) => ({ name: `endpoint:${id}`, cursor })),
    ].map((consumer) => readLag(store, consumer, lastSeq)),
  );
  const recordings = countedRecordings(counts, madeUp, acknowledged);
  return { cursors, consumers, lastSeq, recordings, nextDeadlineAt, quarantine, others, backlog, endpoints };
}

/** What counts: neither losses that somebody has acknowledged, nor what is made up. */
function countedRecordings(
  counts: StateCounts,
  madeUp: StateCounts,
  acknowledged: number,
): ServiceStatus['recordings'] {
  // One may have come to another state between the counts.
  const rest = (state: RecordingState, less = 0): number => Math.max(0, counts[state] - madeUp[state] - less);
  return {
    pending: rest('pending'),
    archived: rest('archived'),
    lost: rest('lost', acknowledged),
    blocked: rest('blocked'),
    deleted: rest('deleted'),
    acknowledged,
    madeUp: Object.values(madeUp).reduce((sum, each) => sum + each, 0),
  };
}

/** Only one that is behind costs a question. */
async function readLag(
  { journal }: StatusParts['store'],
  { name, cursor }: Pick<ConsumerStatus, 'name' | 'cursor'>,
  lastSeq: number,
): Promise<ConsumerStatus> {
  const lag = Math.max(0, lastSeq - cursor);
  const oldestAt = lag === 0 ? undefined : await journal.receivedAfter(cursor);
  return { name, cursor, lag, ...(oldestAt === undefined ? {} : { oldestAt }) };
}

function toStatus(
  { store, version, instance, startedAt, recentIntake }: StatusParts,
  { figures, state }: Answer,
  own: ProcessReport,
  space: Space,
): Omit<ServiceStatus, 'readiness'> {
  const { cursors, consumers, lastSeq, recordings, nextDeadlineAt, quarantine, others, backlog, endpoints } =
    figures;
  const processes = withOwn(own, others);
  return {
    ...{ version, instance, startedAt, intake: recentIntake() },
    inbox: withSpools(backlog, processes),
    journal: { lastSeq },
    consumers: [
      {
        ...{ name: 'sorter', cursor: cursors.sorter, lag: backlog.pending },
        ...(backlog.oldestAt === undefined ? {} : { oldestAt: backlog.oldestAt }),
      },
      ...consumers,
    ],
    endpoints,
    recordings,
    ...(nextDeadlineAt === undefined ? {} : { nextDeadlineAt }),
    quarantine,
    storage: space,
    store: { kind: store.kind, ...state },
    processes,
  };
}

interface Others {
  readonly processes: readonly ProcessReport[];
  readonly duties: readonly Pick<Duty, 'name' | 'holder'>[];
}

async function readOthers({ store: { shared }, instance, clock }: StatusParts): Promise<Others> {
  if (!shared) return { processes: [], duties: dutyNames.map((name) => ({ name, holder: instance })) };
  const now = shared.toSharedClock(clock)();
  const [processes, duties] = await Promise.all([
    shared.processes.list(now - processGoneAfterMs),
    shared.duties.list(),
  ]);
  return { processes, duties: duties.filter(({ until }) => until > now) };
}

/** The process that answers, as it is now, before the others, as they told last. */
function withOwn(own: ProcessReport, { processes, duties }: Others): ProcessStatus[] {
  const reports = [own, ...processes.filter(({ id }) => id !== own.id)];
  return reports.map((report) => ({
    ...report,
    duties: duties.filter(({ holder }) => holder === report.id).map(({ name }) => name),
  }));
}

/** What waits in a local inbox has been received as well, and is on its way to be sorted. */
function withSpools(
  backlog: Figures['backlog'],
  processes: readonly ProcessStatus[],
): ServiceStatus['inbox'] {
  const spools = processes.flatMap(({ inbox }) => (inbox ? [inbox] : []));
  const oldest = [backlog, ...spools].flatMap(({ oldestAt }) => (oldestAt === undefined ? [] : [oldestAt]));
  return {
    pending: spools.reduce((sum, { pending }) => sum + pending, backlog.pending),
    ...(oldest.length > 0 ? { oldestAt: Math.min(...oldest) } : {}),
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
