import { Counter, Gauge, type Registry } from 'prom-client';
import type { ProcessInbox } from '../store/processes.js';

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
