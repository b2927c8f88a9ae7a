import { Gauge, type Registry } from 'prom-client';
import { dutyNames } from '../store/duties.js';
import { processRoles } from '../store/processes.js';
import type { ServiceStatus } from './service-status.js';

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
    // Where nobody has a role any more an alarm must see 0, not nothing.
    for (const role of processRoles) processes.set({ role }, 0);
    for (const { roles } of running) for (const role of roles) processes.inc({ role });
    const [own] = running;
    for (const duty of dutyNames) duties.set({ duty }, own?.duties.includes(duty) ? 1 : 0);
    served.set(own?.endpoints ?? 0);
  };
}
