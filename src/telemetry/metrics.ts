import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import type { Clock } from '../domain/clock.js';
import { type Outcome, outcomes } from '../domain/outcome.js';
import { type DownloadReason, downloadReasons } from '../domain/recording.js';
import { createDeliveryMetrics } from './delivery-metrics.js';
import type { Overview } from './overview.js';
import { addBuildInfo, createProcessGauges, createRiskGauges, createStatusGauges } from './status-gauges.js';
import { createIntakeMetrics } from './intake-metrics.js';
import type { ServiceStatus } from './status.js';

const requestBuckets = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const downloadBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

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
