import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../domain/clock.js';
import { outcomes, type Outcome } from '../domain/outcome.js';
import { downloadReasons, recordingStates, type DownloadReason } from '../domain/recording.js';
import { createDeliveryMetrics } from './delivery-metrics.js';
import type { Overview } from './overview-json.js';
import { addBuildInfo, createProcessGauges } from './process-metrics.js';
import { createRecentHour, type IntakeSample } from './recent-hour.js';
import { createRecentCount, createRecentTimes } from './recent-minute.js';
import { createRiskGauges } from './risk-metrics.js';
import type { RecentIntake, ServiceStatus } from './service-status.js';

/** The sender waits 700 ms: the buckets are dense where it hurts, and end where it has gone. */
const ackBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.65, 0.7, 1];
const requestBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const downloadBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

/** What a push path answers. */
const pushStatuses = [200, 400, 404, 405, 408, 413, 417, 431, 503];

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * What is counted, and how to count it; named `earshot_…` with the unit, as Prometheus wants it. No label
 * ever holds an id, a link or anything else that a stranger chooses. Process metrics have their usual names.
 */
export function createMetrics(clock: Clock, version: string) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Gauges with the ending of a counter: promtool refuses them, and `nodejs_active_resources` and its like say the same.
  for (const kind of ['handles', 'requests', 'resources']) {
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  }
  addBuildInfo(registry, version);
  const intake = createIntakeMetrics(registry, clock);
  const downloads = createDownloadMetrics(registry);
  const deliveries = createDeliveryMetrics(registry);
  const observeGauges = createStatusGauges(registry);
  const observeProcesses = createProcessGauges(registry);
  const risk = createRiskGauges(registry, clock);
  const observeStatus = (status: ServiceStatus): void => {
    observeGauges(status);
    observeProcesses(status);
    deliveries.observeEndpoints(status.endpoints);
    risk.observeLags(status);
  };
  const observeRequest = createRequestMetrics(registry);

  return {
    ...intake,
    ...downloads,
    ...deliveries,
    /** Sets the gauges from a status; done before each answer to /metrics. */
    observeStatus,
    /** The same from an overview. */
    observeOverview: (overview: Overview) => {
      risk.observeOverview(overview);
    },
    /** One answer of the API. `route` is its pattern, never the path that was asked for. */
    observeRequest,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    /** For metrics of parts that this one does not know. */
    registry,
  };
}

function createIntakeMetrics(registry: Registry, clock: Clock) {
  const registers = [registry];
  const ackSeconds = new Histogram({
    name: 'earshot_ack_duration_seconds',
    help: 'Time from the head of a push to its answer, of pushes answered 200. The sender gives up at 0.7.',
    buckets: ackBuckets,
    registers,
  });
  const pushes = new Counter({
    name: 'earshot_pushes_total',
    help: 'Pushes by the HTTP status of the answer.',
    labelNames: ['status'] as const,
    registers,
  });
  // An alarm on an increase needs the value before the first one.
  for (const status of pushStatuses) pushes.inc({ status }, 0);
  const wrongTokens = new Counter({
    name: 'earshot_wrong_push_tokens_total',
    help: 'Requests to a push path with a wrong or missing token; they are among the pushes answered 404.',
    registers,
  });
  const overLimit = new Counter({
    name: 'earshot_pushes_over_limit_total',
    help: 'Pushes of sources that had sent what they may in one day; they are among the pushes answered 503.',
    registers,
  });
  const pushBytes = new Counter({
    name: 'earshot_push_bytes_total',
    help: 'Bytes of the bodies of pushes answered 200.',
    registers,
  });
  const messages = new Counter({
    name: 'earshot_messages_total',
    help: 'Messages that the sorter wrote to the journal.',
    registers,
  });
  const duplicates = new Counter({
    name: 'earshot_duplicate_messages_total',
    help: 'Messages that the journal had already; counted, not kept twice.',
    registers,
  });
  const quarantined = new Counter({
    name: 'earshot_quarantined_items_total',
    help: 'Bodies and items that could not be read as a message.',
    registers,
  });
  const recentAcks = createRecentTimes(clock);
  const recentMessages = createRecentCount(clock);
  const recentDuplicates = createRecentCount(clock);
  const recentHour = createRecentHour(clock);

  return {
    /** One push was answered. `ms` from the head of the request to the end of the answer. */
    pushAnswered(status: number, ms: number, bytes: number): void {
      pushes.inc({ status });
      if (status !== 200) return;
      ackSeconds.observe(ms / 1000);
      pushBytes.inc(bytes);
      recentAcks.add(ms);
      recentHour.pushed(ms);
    },
    wrongToken(): void {
      wrongTokens.inc();
    },
    pushOverLimit(): void {
      overLimit.inc();
    },
    /** The sorter wrote a batch. */
    sorted(batch: { appended: number; duplicates: number; quarantined: number }): void {
      messages.inc(batch.appended);
      duplicates.inc(batch.duplicates);
      quarantined.inc(batch.quarantined);
      recentMessages.add(batch.appended);
      recentDuplicates.add(batch.duplicates);
      recentHour.sorted(batch.appended);
    },
    /** The last minute, for the status. */
    recentIntake(): RecentIntake {
      const { count, ...ackMs } = recentAcks.read();
      return {
        pushesPerMinute: count,
        messagesPerMinute: recentMessages.perMinute(),
        duplicatesPerMinute: recentDuplicates.perMinute(),
        ackMs,
      };
    },
    /** The last hour, for the overview. */
    recentSamples(): IntakeSample[] {
      return recentHour.read();
    },
  };
}

function createDownloadMetrics(registry: Registry) {
  const registers = [registry];
  const attempts = new Counter({
    name: 'earshot_download_attempts_total',
    help: 'Attempts at downloads by outcome and reason (docs/errors.md).',
    labelNames: ['outcome', 'reason'] as const,
    registers,
  });
  for (const reason of downloadReasons) attempts.inc({ outcome: outcomeOf(reason), reason }, 0);
  const seconds = new Histogram({
    name: 'earshot_download_duration_seconds',
    help: 'Time that attempts at downloads took.',
    labelNames: ['outcome'] as const,
    buckets: downloadBuckets,
    registers,
  });
  for (const outcome of outcomes) seconds.zero({ outcome });
  const lost = new Counter({
    name: 'earshot_lost_recordings_total',
    help: 'Recordings that became lost, by reason (docs/errors.md). What somebody deleted is not among them.',
    labelNames: ['reason'] as const,
    registers,
  });
  for (const reason of ['expired', 'deadline-passed']) lost.inc({ reason }, 0);
  const archivedBytes = new Counter({
    name: 'earshot_archived_bytes_total',
    help: 'Bytes of recordings that were archived.',
    registers,
  });

  return {
    /** One attempt at a download ended. */
    downloadEnded(attempt: { outcome: Outcome; reason: DownloadReason; durationMs: number }): void {
      attempts.inc({ outcome: attempt.outcome, reason: attempt.reason });
      seconds.observe({ outcome: attempt.outcome }, attempt.durationMs / 1000);
    },
    /** A recording became lost. */
    recordingLost(reason: DownloadReason): void {
      lost.inc({ reason });
    },
    /** A recording of `bytes` is safe. */
    archived(bytes: number): void {
      archivedBytes.inc(bytes);
    },
  };
}

/** Of an attempt that ends for this reason. */
function outcomeOf(reason: DownloadReason): Outcome {
  if (reason === 'archived') return 'ok';
  if (reason === 'stopped') return 'aborted';
  const refused: readonly DownloadReason[] = [
    'expired',
    'host-not-allowed',
    'host-not-of-source',
    'address-not-allowed',
  ];
  return refused.includes(reason) ? 'refuse' : 'retry';
}

function createStatusGauges(registry: Registry): (status: ServiceStatus) => void {
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

function createRequestMetrics(registry: Registry) {
  const seconds = new Histogram({
    name: 'earshot_http_request_duration_seconds',
    help: 'Time that answers of the API took, by route and status; pushes are not among them.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: requestBuckets,
    registers: [registry],
  });
  return (method: string, route: string, status: number, ms: number): void => {
    seconds.observe({ method, route, status }, ms / 1000);
  };
}
