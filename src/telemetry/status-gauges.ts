import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../domain/clock.js';
import { recordingStates } from '../domain/recording.js';
import { dutyNames, processRoles } from '../store/shared-roles.js';
import type { Overview } from './overview.js';
import type { ServiceStatus } from './status.js';

/** Gauges of backlog, storage and recordings. */
export function createStatusGauges(registry: Registry): (status: ServiceStatus) => void {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers: [registry] });
  const pending = gauge('earshot_inbox_pending_pushes', 'Pushes received and not yet sorted.');
  const lastSeq = gauge('earshot_journal_last_seq', 'The latest entry of the journal.');
  const quarantine = gauge('earshot_quarantine_items', 'Items in quarantine.');
  const freeBytes = gauge('earshot_storage_free_bytes', 'Bytes that may still be written to the storage.');
  const reservedBytes = gauge(
    'earshot_storage_reserved_bytes',
    'Of these, what is kept for pushes: archiving stops before.',
  );
  const isFull = gauge('earshot_storage_full', '1 while there is no space for recordings and they wait.');
  const nextDeadline = gauge(
    'earshot_next_deadline_timestamp_seconds',
    'The earliest deadline of a pending recording, in UNIX time; +Inf where none is pending.',
  );
  const lag = new Gauge({
    name: 'earshot_consumer_lag_entries',
    help: 'What each consumer has still to read.',
    labelNames: ['consumer'] as const,
    registers: [registry],
  });
  const recordings = new Gauge({
    name: 'earshot_recordings',
    help: 'Recordings by state.',
    labelNames: ['state'] as const,
    registers: [registry],
  });

  return (status) => {
    pending.set(status.inbox.pending);
    lastSeq.set(status.journal.lastSeq);
    quarantine.set(status.quarantine);
    if (status.storage.freeBytes !== undefined) freeBytes.set(status.storage.freeBytes);
    if (status.storage.reservedBytes !== undefined) reservedBytes.set(status.storage.reservedBytes);
    isFull.set(status.storage.isFull ? 1 : 0);
    nextDeadline.set(status.nextDeadlineAt === undefined ? Infinity : status.nextDeadlineAt / 1000);
    lag.reset();
    for (const consumer of status.consumers) lag.set({ consumer: consumer.name }, consumer.lag);
    for (const state of recordingStates) recordings.set({ state }, status.recordings[state]);
  };
}

/** What runs: 1, with what it is as labels. */
export function addBuildInfo(registry: Registry, version: string): void {
  const info = new Gauge({
    name: 'earshot_build_info',
    help: 'Always 1; the version that runs, and of what it runs on.',
    labelNames: ['version', 'node_version'] as const,
    registers: [registry],
  });
  info.set({ version, node_version: process.versions.node }, 1);
}

/** Gauges of the processes that work on a store, and of how this one finds it. */
export function createProcessGauges(registry: Registry): (status: ServiceStatus) => void {
  const registers = [registry];
  const isReachable = new Gauge({
    name: 'earshot_store_reachable',
    help: '1 while the store answers this process, 0 while it does not.',
    registers,
  });
  const processes = new Gauge({
    name: 'earshot_processes',
    help: 'Processes that work on the store, by the part that they run.',
    labelNames: ['role'] as const,
    registers,
  });
  const duties = new Gauge({
    name: 'earshot_duty_held',
    help: '1 for each duty that this process does for all. Summed over processes each is 1; 0 for long means that nobody does it.',
    labelNames: ['duty'] as const,
    registers,
  });
  const served = new Gauge({
    name: 'earshot_endpoints_served',
    help: 'Endpoints that this process serves.',
    registers,
  });

  return ({ store, processes: running }) => {
    isReachable.set(store.state === 'reachable' ? 1 : 0);
    processes.reset();
    // Where no process runs a role any more, an alarm must see 0, not nothing.
    for (const role of processRoles) processes.set({ role }, 0);
    for (const { roles } of running) for (const role of roles) processes.inc({ role });
    const [own] = running;
    for (const duty of dutyNames) duties.set({ duty }, own?.duties.includes(duty) ? 1 : 0);
    served.set(own?.endpoints ?? 0);
  };
}

/** Within how many hours a link dies. */
const riskHours = [1, 6, 24];

/** Gauges of what may be lost or late, in seconds and hours: what an alarm is set on. */
export function createRiskGauges(registry: Registry, clock: Clock) {
  const registers = [registry];
  const oldestPush = new Gauge({
    name: 'earshot_inbox_oldest_push_age_seconds',
    help: 'Age of the oldest push that is not sorted yet; 0 where all are.',
    registers,
  });
  const lag = new Gauge({
    name: 'earshot_consumer_lag_seconds',
    help: 'Age of the first entry (of the sorter: the first push) that each consumer has still to read; 0 where none is.',
    labelNames: ['consumer'] as const,
    registers,
  });
  const lastPush = new Gauge({
    name: 'earshot_last_push_timestamp_seconds',
    help: 'When a source has pushed last, in UNIX time, to within a minute; 0 where a clock that was wrong hides it.',
    labelNames: ['source'] as const,
    registers,
  });
  const atRisk = new Gauge({
    name: 'earshot_recordings_at_risk',
    help: 'Pending recordings whose link dies within so many hours, those whose deadline is over among them.',
    labelNames: ['hours'] as const,
    registers,
  });
  const ageOf = (at: number | undefined): number => (at === undefined ? 0 : Math.max(0, clock() - at) / 1000);

  return {
    observeLags({ inbox, consumers }: Pick<ServiceStatus, 'inbox' | 'consumers'>): void {
      oldestPush.set(ageOf(inbox.oldestAt));
      lag.reset();
      for (const { name, oldestAt } of consumers) lag.set({ consumer: name }, ageOf(oldestAt));
    },
    observeOverview({ radar, lastPushes }: Pick<Overview, 'radar' | 'lastPushes'>): void {
      lastPush.reset();
      for (const { source, at = 0 } of lastPushes) lastPush.set({ source }, at / 1000);
      for (const hours of riskHours) {
        const within = radar.hours.slice(0, hours).reduce((sum, count) => sum + count, 0);
        atRisk.set({ hours }, radar.overdue + within);
      }
    },
  };
}
