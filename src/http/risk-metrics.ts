import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../domain/clock.js';
import type { Overview } from './overview-json.js';
import type { ServiceStatus } from './service-status.js';

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
