import type { DatabaseSync } from '@photostructure/sqlite';
import { toTypeNumber } from '../../src/store/rows/entry-row.js';
import { callHeadSql, callTailSql } from '../load/message-fields.js';
import { callSpacingMs, callsPerBatch, callsPerTask, durationSql, openDownloadsOf } from './data-set.js';

type Database = InstanceType<typeof DatabaseSync>;

const chunkRows = 100_000;
const callIdSql = `${callHeadSql('n')} || '^' || ${callTailSql('n')}`;
const dayMs = 24 * 3600 * 1000;

/**
 * Fills an empty store with the rows that `calls` received, projected and archived records would have left:
 * journal, call, recording and attempt of each (not the journal's events, which no row here reads). In plain
 * SQL, indexes last, because millions of pushes would take an hour; the ids are scrambled as received ones are.
 */
export function fillStore(database: Database, calls: number, firstStartAt: number): void {
  const indexes = dropIndexes(database);
  for (let from = 1; from <= calls; from += chunkRows) {
    const to = Math.min(calls, from + chunkRows - 1);
    database.exec(`BEGIN;
      CREATE TEMP TABLE chunk AS ${chunkSql(from, to, calls, firstStartAt)};
      ${insertsSql}
      DROP TABLE chunk;
      COMMIT`);
  }
  for (const index of indexes) database.exec(index);
  database.exec(`
    UPDATE recording_counts SET count = (SELECT count(*) FROM recordings WHERE recordings.state = recording_counts.state);
    INSERT OR REPLACE INTO cursors VALUES ('projector', ${calls}), ('sorter', 0)`);
}

/** Indexes made once over all rows cost a tenth of indexes that grow row by row. Returns how to make them again. */
function dropIndexes(database: Database): string[] {
  const indexes = database
    .prepare(
      `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL
       AND tbl_name IN ('journal', 'calls', 'recordings', 'attempts')`,
    )
    .all() as { name: string; sql: string }[];
  for (const { name } of indexes) database.exec(`DROP INDEX ${name}`);
  return indexes.map(({ sql }) => sql);
}

/** States: the newest 2 % pending; of the others 2 % lost, 0.2 % blocked, the rest archived. */
function chunkSql(from: number, to: number, calls: number, firstStartAt: number): string {
  const firstOpen = calls - openDownloadsOf(calls) + 1;
  const localTime = (seconds: string) =>
    `strftime('%Y-%m-%d %H:%M:%S', start_at / 1000 + ${seconds} + 8 * 3600, 'unixepoch')`;
  return `
    WITH RECURSIVE
      range (n) AS (SELECT ${from} UNION ALL SELECT n + 1 FROM range WHERE n < ${to}),
      ids AS (
        SELECT n, ${callIdSql} AS call_id, ${callTailSql('n')} AS call_tail,
          ${firstStartAt} + n * ${callSpacingMs} AS start_at, ${durationSql} AS duration,
          printf('1181%012d', n / ${callsPerTask}) AS task_id, printf('96620%010d', n) AS detail_id,
          printf('B2%07d', n / ${callsPerBatch}) AS batch_id, printf('5%09d', n) AS out_id,
          CASE WHEN n >= ${firstOpen} THEN 0 WHEN n % 50 = 0 THEN 2 WHEN n % 500 = 1 THEN 3 ELSE 1 END AS state,
          printf('/agent/%08d_record.wav', n) AS path
        FROM range)
    SELECT *, ${localTime('0')} AS start_time, ${localTime('duration')} AS end_time,
      'http://127.0.0.1:9' || path || '?Expires=' || (start_at / 1000 + 7 * 86400)
        || '&OSSAccessKeyId=LTAI4FoBenchmark00&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D' AS link
    FROM ids`;
}

const insertsSql = `
  INSERT INTO journal (seq, type, call_id, digest, received_at, source, text)
    SELECT n, ${toTypeNumber('AlicomAgentCallRecord')}, call_id, randomblob(16), start_at + 140000, 'default',
      printf('{"callId":"%s","duration":%d,"endTime":"%s","recordFile":"%s","startTime":"%s",'
        || '"taskId":"%s","detailId":"%s","batchId":"%s","outId":"%s"}',
        call_id, duration, end_time, link, start_time, task_id, detail_id, batch_id, out_id)
    FROM chunk;
  INSERT INTO calls (id, call_id, call_tail, task_id, detail_id, batch_id, out_id, start_time, end_time,
      start_at, end_at, duration_seconds, times_rank, flags, first_received_at, last_received_at, sort_at, recording_states)
    SELECT n, call_id, call_tail, task_id, detail_id, batch_id, out_id, start_time, end_time,
      start_at, start_at + duration * 1000, duration, 3, 0, start_at + 140000,
      start_at + 140000, start_at, 1 << state
    FROM chunk;
  INSERT INTO recordings (id, call, call_id, host, path, link, link_seq, state, phase, deadline_at, next_attempt_at,
      generation, reason, bytes, sha256, container, codec, channels, sample_rate, seconds, archived_at, file_name)
    SELECT n, n, call_id, '127.0.0.1:9', path, link, n, state,
      iif(state = 0, 0, NULL), start_at + ${7 * dayMs}, iif(state = 0, start_at + ${7 * dayMs}, NULL), 1,
      CASE state WHEN 2 THEN 'expired' WHEN 3 THEN 'host-not-allowed' END,
      iif(state = 1, 1000058, NULL), iif(state = 1, lower(hex(randomblob(32))), NULL), iif(state = 1, 'wav', NULL),
      iif(state = 1, 'alaw', NULL), iif(state = 1, 1, NULL), iif(state = 1, 8000, NULL),
      iif(state = 1, duration, NULL), iif(state = 1, start_at + 150000, NULL),
      iif(state = 1, substr(start_time, 1, 10) || '/' || replace(call_id, '^', '_') || '-r' || n || '.wav', NULL)
    FROM chunk;
  INSERT INTO attempts (recording_id, at, outcome, reason, status, duration_ms, bytes, address, head_ms)
    SELECT n, start_at + 150000, iif(state = 1, 'ok', 'refuse'), iif(state = 1, 'archived', 'expired'),
      iif(state = 1, 200, 403), 80, iif(state = 1, 1000058, 0), '127.0.0.1', 10
    FROM chunk WHERE state IN (1, 2);`;
