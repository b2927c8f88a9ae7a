import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type as osType } from 'node:os';
import { join } from 'node:path';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly kernel: string;
  readonly node: string;
  /** Writes of 4 KiB to the end of a file, each followed by fdatasync, on the disk that is measured. */
  readonly fsyncsPerSecond: number;
  /** Of the last minute, when the run began: who else was at work. */
  readonly loadAverage: number;
}

const fsyncForMs = 1_000;

export function describeMachine(folder: string): Machine {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    kernel: `${osType()} ${release()}`,
    node: process.version,
    loadAverage: loadavg()[0] ?? 0,
    fsyncsPerSecond: measureFsync(folder),
  };
}

function measureFsync(folder: string): number {
  const path = join(folder, 'fsync');
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4096, 1);
  const startedAt = performance.now();
  let syncs = 0;
  try {
    for (; performance.now() - startedAt < fsyncForMs; syncs++) {
      writeSync(file, page);
      fdatasyncSync(file);
    }
  } finally {
    closeSync(file);
    rmSync(path);
  }
  return Math.round((syncs * 1000) / (performance.now() - startedAt));
}

export function toSentence(machine: Machine): string {
  const { cpu, cores, memoryGb, kernel, node, fsyncsPerSecond, loadAverage } = machine;
  return (
    `${cores} cores (${cpu}), ${memoryGb} GB, ${kernel}, Node ${node}, ` +
    `${fsyncsPerSecond.toLocaleString('en-US')} fsyncs/s, load average ${loadAverage.toFixed(1)} at the start`
  );
}
