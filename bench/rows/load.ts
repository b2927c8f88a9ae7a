import type { LoadResult } from '../load/load-result.js';
import type { LoadSpec } from '../load/run-load.js';
import { pushPath } from '../process/earshot-server.js';
import { runInChild } from '../process/start-child.js';

/** Links that lead nowhere, for servers that follow none. */
const nowhere = ['http://127.0.0.1:9'];

type Given = Pick<LoadSpec, 'port' | 'warmUpMs' | 'durationMs'> & Partial<LoadSpec>;

/** Runs the load generator in a process of its own: 64 connections, one record a push, unless told otherwise. */
export async function load(given: Given): Promise<LoadResult> {
  return await runInChild('load', {
    path: pushPath,
    connections: 64,
    recordsPerPush: 1,
    shard: 1,
    linkBases: nowhere,
    callSeconds: 125,
    maxPushes: 90_000_000,
    ...given,
  });
}

/** A sentence on pushes that were not acknowledged; nothing where all were. */
export function otherAnswers(results: readonly LoadResult[]): string[] {
  const others = new Map<string, number>();
  for (const result of results) {
    for (const [name, times] of Object.entries(result.others))
      others.set(name, (others.get(name) ?? 0) + times);
  }
  if (others.size === 0) return [];
  return [`not acknowledged: ${[...others].map(([name, times]) => `${times} × ${name}`).join(', ')}`];
}
