import { Counter, Gauge, type Registry } from 'prom-client';
import type { ProcessInbox } from '../store/processes.js';

/** Metrics of a local inbox beside a database. They are read at each collection, whether or not the database answers. */
export function createSpoolMetrics(
  registry: Registry,
  readInbox: () => Promise<ProcessInbox>,
): { drained: (pushes: number) => void } {
  const registers = [registry];
  const pending = new Gauge({
    name: 'earshot_spool_pushes',
    help: 'Pushes in the local inbox that wait for the database.',
    registers,
    collect: async () => {
      const { goesTo, pending: pushes, bytes: taken } = await readInbox();
      pending.set(pushes);
      bytes.set(taken);
      isLocal.set(goesTo === 'local' ? 1 : 0);
    },
  });
  const bytes = new Gauge({
    name: 'earshot_spool_bytes',
    help: 'Bytes that they take of the disk.',
    registers,
  });
  const isLocal = new Gauge({
    name: 'earshot_inbox_on_local',
    help: '1 while pushes go to the local inbox, 0 while they go to the database.',
    registers,
  });
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
