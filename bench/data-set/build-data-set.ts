import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { Connection } from '../../src/store/sqlite/connection.js';
import { migrateStore } from '../../src/store/sqlite/store-schema.js';
import { callSpacingMs, type DataSet, type DataSetSpec } from './data-set.js';
import { fillStore } from './fill-store.js';
import { openAgain } from './open-again.js';

interface Label {
  readonly schema: string;
  readonly calls: number;
  readonly firstStartAt: number;
}

const kept = new Set(['store.db', 'data-set.json']);

/**
 * A data folder with `calls` calls, as it was when it was built: what an earlier run left behind is removed.
 * Built when it is not there, or when the store's schema has changed since.
 */
export function prepareDataSet(spec: DataSetSpec): DataSet {
  mkdirSync(spec.folder, { recursive: true });
  const file = join(spec.folder, 'store.db');
  const labelFile = join(spec.folder, 'data-set.json');
  const schema = schemaDigest(join(spec.folder, 'schema.db'));
  const startedAt = performance.now();
  let label = existsSync(labelFile) ? (JSON.parse(readFileSync(labelFile, 'utf8')) as Label) : undefined;
  const isThere = label?.schema === schema && label.calls === spec.calls && existsSync(file);
  if (!label || !isThere) {
    rmSync(labelFile, { force: true });
    label = { schema, calls: spec.calls, firstStartAt: Date.now() - (spec.calls + 100) * callSpacingMs };
    build(file, label);
    writeFileSync(labelFile, JSON.stringify(label));
  }
  const buildSeconds = isThere ? 0 : (performance.now() - startedAt) / 1000;
  openAgain(file, label.calls, spec.downloads);
  for (const name of readdirSync(spec.folder)) {
    if (!kept.has(name)) rmSync(join(spec.folder, name), { recursive: true, force: true });
  }
  if (spec.warm) readThrough(file);
  return { folder: spec.folder, calls: label.calls, firstStartAt: label.firstStartAt, buildSeconds };
}

function build(file: string, { calls, firstStartAt }: Label): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
  migrate(file);
  const database = new DatabaseSync(file);
  try {
    // Nothing that is lost here is missed: a build that breaks off is begun anew.
    database.exec(
      'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -524288; PRAGMA temp_store = MEMORY',
    );
    fillStore(database, calls, firstStartAt);
    database.exec('PRAGMA journal_mode = WAL');
  } finally {
    database.close();
  }
}

function migrate(file: string): void {
  const connection = new Connection(file, { busyTimeoutMs: 5_000, cacheKiB: 1024 });
  try {
    migrateStore(connection);
  } finally {
    connection.close();
  }
}

/** Tells one schema from another, by a store that has just been made. */
function schemaDigest(file: string): string {
  rmSync(file, { force: true });
  migrate(file);
  const database = new DatabaseSync(file);
  try {
    const rows = database.prepare('SELECT sql FROM sqlite_master ORDER BY name').all();
    return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  } finally {
    database.close();
  }
}

function readThrough(path: string): void {
  const file = openSync(path, 'r');
  const block = Buffer.alloc(4 * 1024 * 1024);
  while (readSync(file, block, 0, block.length, null) > 0);
  closeSync(file);
}
