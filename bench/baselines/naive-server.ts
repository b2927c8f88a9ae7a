import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { fastify } from 'fastify';
import { received } from '../../src/protocol/acknowledgement.js';
import type { Port } from '../process/listen.js';

export interface NaiveSpec {
  readonly folder: string;
}

export interface CallRecord {
  readonly callId: string;
  readonly duration: number;
  readonly startTime: string;
  readonly endTime: string;
  readonly recordFile: string;
  readonly taskId: string;
  readonly detailId: string;
  readonly batchId: string;
  readonly outId: string;
}

/**
 * The baseline `naive`: what one writes first. Fastify parses the push; one transaction inserts its records
 * into one table that can be searched as ours can, by any id and by time; the answer follows the commit.
 * WAL and `synchronous=FULL`, so that an acknowledged push survives power loss here too; SQLite's own
 * automatic checkpoints; prepared statements.
 */
export async function serveNaive({ folder }: NaiveSpec): Promise<Port> {
  const database = openDatabase(join(folder, 'naive.db'));
  const insert = database.prepare(
    `INSERT INTO calls (call_id, task_id, detail_id, batch_id, out_id, start_time, end_time, duration, record_file, received_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  const store = (records: readonly CallRecord[]): void => {
    database.exec('BEGIN IMMEDIATE');
    for (const record of records) {
      insert.run(
        record.callId,
        record.taskId,
        record.detailId,
        record.batchId,
        record.outId,
        record.startTime,
        record.endTime,
        record.duration,
        record.recordFile,
        Date.now(),
      );
    }
    database.exec('COMMIT');
  };
  const app = fastify({ bodyLimit: 64 * 1024 * 1024, keepAliveTimeout: 75_000 });
  app.post<{ Body: CallRecord[] }>('/push/:token', (request, reply) => {
    store(request.body);
    void reply.send(received);
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { port: Number(new URL(url).port) };
}

function openDatabase(file: string): InstanceType<typeof DatabaseSync> {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE calls (
      id INTEGER PRIMARY KEY,
      call_id TEXT NOT NULL UNIQUE,
      task_id TEXT, detail_id TEXT, batch_id TEXT, out_id TEXT,
      start_time TEXT, end_time TEXT, duration INTEGER, record_file TEXT,
      received_at INTEGER NOT NULL
    );
    CREATE INDEX calls_task ON calls (task_id);
    CREATE INDEX calls_detail ON calls (detail_id);
    CREATE INDEX calls_batch ON calls (batch_id);
    CREATE INDEX calls_out ON calls (out_id);
    CREATE INDEX calls_start ON calls (start_time);
  `);
  return database;
}
