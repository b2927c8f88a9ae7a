import { readFileSync } from 'node:fs';

export interface MemorySamples {
  /** Resident set in MB, one sample each 200 ms; empty where there is no /proc. */
  readonly rssMb: number[];
  /** The highest the kernel has seen. */
  highestMb: number;
}

const everyMs = 200;

/** Watches the memory of a process until `stop`. */
export function sampleMemory(pid: number): { samples: MemorySamples; stop: () => void } {
  const samples: MemorySamples = { rssMb: [], highestMb: 0 };
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      samples.rssMb.push(megabytes(status, 'VmRSS'));
      samples.highestMb = Math.max(samples.highestMb, megabytes(status, 'VmHWM'));
    } catch {
      // Ended, or no Linux: there is nothing to see.
      clearInterval(timer);
    }
  }, everyMs);
  return { samples, stop: () => clearInterval(timer) };
}

function megabytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
}
