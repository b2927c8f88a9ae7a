import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../domain/clock.js';
import type { ProcessInbox } from '../store/shared-roles.js';
import {
  createRecentCount,
  createRecentHour,
  createRecentTimes,
  type IntakeSample,
} from './recent-intake.js';
import type { RecentIntake } from './status.js';

/** The sender waits 700 ms: the buckets are dense where it hurts, and end where it has gone. */
const ackBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.65, 0.7, 1];
/** What a push path answers. */
const pushStatuses = [200, 400, 404, 405, 408, 413, 417, 431, 503];

/** Pushes and what the sorter makes of them. */
export function createIntakeMetrics(registry: Registry, clock: Clock) {
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

/** Metrics of a local inbox beside a database. They are read at each collection, whether or not the database answers. */
export function createSpoolMetrics(
  registry: Registry,
  readInbox: () => Promise<ProcessInbox>,
): { drained: (pushes: number) => void } {
  const registers = [registry];
  // All gauges are collected at the same moment, and none waits for another: they share one reading.
  let reading: Promise<ProcessInbox> | undefined;
  const read = (): Promise<ProcessInbox> =>
    (reading ??= readInbox().finally(() => {
      reading = undefined;
    }));
  const addGauge = (name: string, help: string, valueOf: (inbox: ProcessInbox) => number): void => {
    const gauge = new Gauge({
      name,
      help,
      registers,
      collect: async () => {
        gauge.set(valueOf(await read()));
      },
    });
  };
  addGauge(
    'earshot_spool_pushes',
    'Pushes in the local inbox that wait for the database.',
    ({ pending }) => pending,
  );
  addGauge('earshot_spool_bytes', 'Bytes that they take of the disk.', ({ bytes }) => bytes);
  addGauge(
    'earshot_inbox_on_local',
    '1 while pushes go to the local inbox, 0 while they go to the database.',
    ({ goesTo }) => (goesTo === 'local' ? 1 : 0),
  );
  const drained = new Counter({
    name: 'earshot_spool_drained_pushes_total',
    help: 'Pushes that went from the local inbox to the database.',
    registers,
  });
  return {
    drained: (pushes) => {
      drained.inc(pushes);
    },
  };
}
