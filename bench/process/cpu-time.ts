import { readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second, whatever the machine. */
const ticksPerSecond = 100;

/** Processor time of a process and all of its threads, in seconds; 0 where there is no /proc, or it has ended. */
export function cpuSecondsOf(pid: number): number {
  const { user, system } = readTimes(pid);
  return (user + system) / ticksPerSecond;
}

/** The same with its children, those that have ended included. */
export function cpuSecondsOfFamily(pid: number): number {
  const { user, system, ended } = readTimes(pid);
  const children = childrenOf(pid).map(cpuSecondsOf);
  return (user + system + ended) / ticksPerSecond + children.reduce((sum, seconds) => sum + seconds, 0);
}

/** Of the whole machine since it started: how long its processors worked, and how long they could have. */
export function machineSeconds(): { busy: number; all: number } {
  const fields = read('/proc/stat').split('\n', 1)[0]?.trim().split(/\s+/).slice(1).map(Number) ?? [];
  // user, nice, system, idle, iowait, irq, softirq, steal; what guests use is in user already.
  const [idle = 0, waiting = 0] = fields.slice(3, 5);
  const all = fields.slice(0, 8).reduce((sum, ticks) => sum + ticks, 0);
  return { busy: (all - idle - waiting) / ticksPerSecond, all: all / ticksPerSecond };
}

function readTimes(pid: number): { user: number; system: number; ended: number } {
  // Behind the name, which may hold anything, in brackets: state is the third field of all.
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ').map(Number) ?? [];
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15);
  return { user, system, ended: childUser + childSystem };
}

function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean).map(Number);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
