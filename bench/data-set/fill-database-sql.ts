import { toTypeNumber } from '../../src/store/rows/entry-row.js';
import { postgresCallIdSql } from '../load/message-fields.js';
import { callSpacingMs, callsPerBatch, callsPerTask, durationSql, openDownloadsOf } from './data-set.js';

const dayMs = 24 * 3600 * 1000;

/** Months since 1970-01 (UTC) of an instant in a column. */
const monthSql = (at: string): string =>
  `(extract(year FROM ${utcSql(at)}) - 1970) * 12 + extract(month FROM ${utcSql(at)}) - 1`;
const utcSql = (at: string): string => `to_timestamp((${at}) / 1000) AT TIME ZONE 'UTC'`;

/** Statements, in order, on one connection. The same rows as those of fill-store.ts. */
export function fillSql(calls: number, firstStartAt: number): readonly string[] {
  return [
    sourceSql(calls, firstStartAt),
    journalSql,
    identitiesSql,
    callsSql,
    recordingsSql,
    attemptsSql,
    `UPDATE recording_counts SET count = (SELECT count(*) FROM recordings WHERE recordings.state = recording_counts.state)`,
    `INSERT INTO journal_months (month, first_seq) SELECT month, min(n) FROM source GROUP BY month`,
    `UPDATE journal_head SET last_seq = ${calls}, month = (SELECT max(month) FROM source)`,
    `UPDATE cursors SET position = ${calls} WHERE name = 'projector'`,
  ];
}

/** States: the newest 2 % pending; of the others 2 % lost, 0.2 % blocked, the rest archived. */
function sourceSql(calls: number, firstStartAt: number): string {
  const firstOpen = calls - openDownloadsOf(calls) + 1;
  const localTime = (seconds: string): string =>
    `to_char(to_timestamp(start_at / 1000 + ${seconds} + 8 * 3600) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')`;
  return `
CREATE TEMP TABLE source AS
SELECT *, (${monthSql('start_at + 140000')})::integer AS month, split_part(call_id, '^', 2) AS call_tail,
  ${localTime('0')} AS start_time, ${localTime('duration')} AS end_time,
  'http://127.0.0.1:9' || path || '?Expires=' || (start_at / 1000 + 7 * 86400)
    || '&OSSAccessKeyId=LTAI4FoBenchmark00&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D' AS link
FROM (
  SELECT n, ${postgresCallIdSql('n')} AS call_id, ${firstStartAt} + n * ${callSpacingMs} AS start_at, ${durationSql} AS duration,
    '1181' || lpad((n / ${callsPerTask})::text, 12, '0') AS task_id, '96620' || lpad(n::text, 10, '0') AS detail_id,
    'B2' || lpad((n / ${callsPerBatch})::text, 7, '0') AS batch_id, '5' || lpad(n::text, 9, '0') AS out_id,
    CASE WHEN n >= ${firstOpen} THEN 0 WHEN n % 50 = 0 THEN 2 WHEN n % 500 = 1 THEN 3 ELSE 1 END AS state,
    '/agent/' || lpad(n::text, 8, '0') || '_record.wav' AS path
  FROM generate_series(1::bigint, ${calls}) AS n) AS numbered
ORDER BY n`;
}

const journalSql = `
INSERT INTO journal (month, seq, type, call_id, received_at, source, text)
SELECT month, n, ${toTypeNumber('AlicomAgentCallRecord')}, call_id, start_at + 140000, 'default',
  '{"callId":"' || call_id || '","duration":' || duration || ',"endTime":"' || end_time || '","recordFile":"' || link
    || '","startTime":"' || start_time || '","taskId":"' || task_id || '","detailId":"' || detail_id
    || '","batchId":"' || batch_id || '","outId":"' || out_id || '"}'
FROM source`;

const identitiesSql = `
INSERT INTO journal_identities (call_key, type, digest, seq)
SELECT encode(substring(sha256(convert_to(call_id, 'UTF8')) FOR 16), 'hex')::uuid AS call_key,
  ${toTypeNumber('AlicomAgentCallRecord')}, gen_random_uuid(), n
FROM source ORDER BY call_key`;

const callsSql = `
INSERT INTO calls (id, call_id, call_tail, task_id, detail_id, batch_id, out_id, start_time, end_time,
  start_at, end_at, duration_seconds, times_rank, flags, first_received_at, last_received_at, sort_at, recording_states)
SELECT n, call_id, call_tail, task_id, detail_id, batch_id, out_id, start_time, end_time,
  start_at, start_at + duration * 1000, duration, 3, 0, start_at + 140000,
  start_at + 140000, start_at, 1 << state
FROM source`;

const recordingsSql = `
INSERT INTO recordings (id, call, call_id, host, path, link, link_seq, state, phase, deadline_at, next_attempt_at,
  generation, attempts, reason, bytes, sha256, container, codec, channels, sample_rate, seconds, archived_at, file_name)
SELECT n, n, call_id, '127.0.0.1:9', path, link, n, state,
  CASE state WHEN 0 THEN 0 END, start_at + ${7 * dayMs}, CASE state WHEN 0 THEN start_at + ${7 * dayMs} END,
  1, CASE state WHEN 0 THEN 0 ELSE 1 END, CASE state WHEN 2 THEN 'expired' WHEN 3 THEN 'host-not-allowed' END,
  CASE state WHEN 1 THEN 1000058 END, CASE state WHEN 1 THEN md5(call_id) || md5(path) END,
  CASE state WHEN 1 THEN 'wav' END, CASE state WHEN 1 THEN 'alaw' END, CASE state WHEN 1 THEN 1 END,
  CASE state WHEN 1 THEN 8000 END, CASE state WHEN 1 THEN duration END,
  CASE state WHEN 1 THEN start_at + 150000 END,
  CASE state WHEN 1 THEN substr(start_time, 1, 10) || '/' || replace(call_id, '^', '_') || '-r' || n || '.wav' END
FROM source`;

const attemptsSql = `
INSERT INTO attempts (month, recording_id, at, outcome, reason, status, duration_ms, bytes, address, head_ms)
SELECT (${monthSql('start_at + 150000')})::integer, n, start_at + 150000, CASE state WHEN 1 THEN 'ok' ELSE 'refuse' END,
  CASE state WHEN 1 THEN 'archived' ELSE 'expired' END, CASE state WHEN 1 THEN 200 ELSE 403 END, 80,
  CASE state WHEN 1 THEN 1000058 ELSE 0 END, '127.0.0.1', 10
FROM source WHERE state IN (1, 2)`;
