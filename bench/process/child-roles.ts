import type { CheckFilesSpec } from '../archive/check-files.js';
import type { FileServerAnswer, FileServerSpec } from '../archive/file-server.js';
import type { PushLoopSpec } from '../baselines/push-loop.js';
import type { NaivePostgresSpec } from '../baselines/naive-postgres-server.js';
import type { NaiveSpec } from '../baselines/naive-server.js';
import type { DataSet, DataSetSpec } from '../data-set/data-set.js';
import type { LoadResult } from '../load/load-result.js';
import type { LoadSpec } from '../load/run-load.js';
import type { Port } from './listen.js';

/** What runs in a process of its own: what it is told, and what it answers once (ready, or done). */
export interface ChildRoles {
  readonly load: { spec: LoadSpec; answer: LoadResult };
  readonly naive: { spec: NaiveSpec; answer: Port };
  readonly 'naive-postgres': { spec: NaivePostgresSpec; answer: Port };
  readonly bare: { spec: Record<string, never>; answer: Port };
  readonly trivial: { spec: Record<string, never>; answer: Port };
  readonly files: { spec: FileServerSpec; answer: FileServerAnswer };
  readonly silence: { spec: Record<string, never>; answer: Port };
  readonly receiver: { spec: Record<string, never>; answer: Port };
  readonly 'push-loop': { spec: PushLoopSpec; answer: { seconds: number } };
  readonly 'check-files': { spec: CheckFilesSpec; answer: { seconds: number } };
  readonly 'data-set': { spec: DataSetSpec; answer: DataSet };
}

export type ChildRole = keyof ChildRoles;
