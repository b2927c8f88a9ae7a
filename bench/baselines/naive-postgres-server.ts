import { fastify } from 'fastify';
import pg from 'pg';
import { received } from '../../src/protocol/acknowledgement.js';
import type { Port } from '../process/listen.js';
import type { CallRecord } from './naive-server.js';

export interface NaivePostgresSpec {
  /** Of an empty database. */
  readonly url: string;
}

const insertSql = `
INSERT INTO calls (call_id, task_id, detail_id, batch_id, out_id, start_time, end_time, duration, record_file, received_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`;

/**
 * The baseline `naive` on PostgreSQL, as one writes it first: Fastify parses the push; one INSERT for each record, each
 * a transaction of its own, over a pool of ten connections; the answer follows the last of them.
 */
export async function serveNaivePostgres({ url }: NaivePostgresSpec): Promise<Port> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  await pool.query(tableSql);
  const app = fastify({ bodyLimit: 64 * 1024 * 1024, keepAliveTimeout: 75_000 });
  app.post<{ Body: CallRecord[] }>('/push/:token', async (request) => {
    await Promise.all(request.body.map((record) => pool.query(insertSql, toValues(record))));
    return received;
  });
  const listening = await app.listen({ host: '127.0.0.1', port: 0 });
  return { port: Number(new URL(listening).port) };
}

function toValues(record: CallRecord): unknown[] {
  return [
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
  ];
}

const tableSql = `
CREATE TABLE calls (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  call_id text NOT NULL UNIQUE,
  task_id text, detail_id text, batch_id text, out_id text,
  start_time text, end_time text, duration integer, record_file text,
  received_at bigint NOT NULL
);
CREATE INDEX ON calls (task_id);
CREATE INDEX ON calls (detail_id);
CREATE INDEX ON calls (batch_id);
CREATE INDEX ON calls (out_id);
CREATE INDEX ON calls (start_time);`;
