import { createHash } from 'node:crypto';
import type { NewMessage } from '../journal.js';
import { toTypeNumber } from '../rows/entry-row.js';
import type { NewEvent } from '../rows/recording-events.js';
import { toStoredText } from '../rows/row.js';
import type { SqlParameter } from '../shared-sql/work.js';
import type { Transaction } from './database.js';
import { currentMonthSql, toMonth } from './partitions.js';
import { beginningsOf, toNumbers, toUuids } from './row-arrays.js';

/** One line of the journal before it has a number. */
export interface NewEntry {
  readonly type: number;
  readonly callId: string;
  /** 16 bytes, hex. */
  readonly digest: string;
  readonly receivedAt: number;
  readonly source: string;
  readonly text: string;
}

export interface Appended {
  /** How many were new. Their numbers are the last ones up to `lastSeq`. */
  readonly appended: number;
  readonly lastSeq: number;
}

/**
 * Numbers come from the head, so that they leave no gap: whoever gets here holds the journal's lock, and what is in
 * the journal by now stays as it is until the end of the transaction. What it knows by its identity is left out.
 *
 * callIds and texts come as one value that they are cut out of. Measured beside it, batches of 4,000 into a journal of
 * a million: arrays of text, which `pg` takes twice the time to quote, took 1.5 times as long. Inserting identities
 * with ON CONFLICT DO NOTHING, without looking first, took 0.8 times as long, but numbers them before it is known
 * which are new: every batch with a duplicate in it would have to correct them.
 */
const appendSql = `
WITH head AS MATERIALIZED (
  SELECT last_seq, greatest(month, least($10::integer, ${currentMonthSql} + 1)) AS month FROM journal_head
),
incoming AS MATERIALIZED (
  SELECT * FROM unnest($1::smallint[], $2::uuid[], $3::uuid[], $4::bigint[], $5::text[], $6::integer[], $7::integer[], $8::integer[])
    WITH ORDINALITY AS incoming (type, call_key, digest, received_at, source, begins, id_bytes, text_bytes, place)
),
fresh AS MATERIALIZED (
  SELECT incoming.*, head.month, head.last_seq + row_number() OVER (ORDER BY place) AS seq FROM incoming, head
  WHERE NOT EXISTS (SELECT FROM journal_identities AS known
    WHERE known.call_key = incoming.call_key AND known.type = incoming.type AND known.digest = incoming.digest)
),
identified AS (
  INSERT INTO journal_identities (call_key, type, digest, seq) SELECT call_key, type, digest, seq FROM fresh
),
journaled AS (
  INSERT INTO journal (month, seq, type, call_id, received_at, source, text)
  SELECT month, seq, type, convert_from(substring($9::bytea FROM begins FOR id_bytes), 'UTF8'), received_at, source,
    convert_from(substring($9::bytea FROM begins + id_bytes FOR text_bytes), 'UTF8') FROM fresh
),
told AS (SELECT count(*) AS appended, min(seq) AS first, max(seq) AS last, min(month) AS month FROM fresh),
begun AS (
  INSERT INTO journal_months (month, first_seq) SELECT month, first FROM told WHERE appended > 0 ON CONFLICT DO NOTHING
),
moved AS (UPDATE journal_head SET last_seq = told.last, month = told.month FROM told WHERE told.appended > 0)
SELECT appended, coalesce(last, head.last_seq) AS last_seq,
  CASE WHEN appended > 0 THEN pg_notify('earshot', 'entries') END FROM told, head`;

/**
 * Appends what the journal does not have, in the order given. The transaction must have been begun with
 * `locksJournal`, and the month of the newest entry must have its partition (`monthsOf`).
 */
export async function appendEntries({ run }: Transaction, entries: readonly NewEntry[]): Promise<Appended> {
  const { sql, parameters } = toAppend(entries);
  const { rows } = await run(sql, parameters);
  return { appended: rows[0]?.['appended'] as number, lastSeq: rows[0]?.['last_seq'] as number };
}

/** The statement that appends them; it gives one row with `appended` and `last_seq`. */
export function toAppend(entries: readonly NewEntry[]): { sql: string; parameters: SqlParameter[] } {
  const fresh = withoutRepeats(entries);
  const callIds = fresh.map(({ callId }) => toStoredText(callId));
  const texts = fresh.map(({ text }) => toStoredText(text));
  const idBytes = callIds.map((callId) => Buffer.byteLength(callId));
  const textBytes = texts.map((text) => Buffer.byteLength(text));
  const lengths = idBytes.map((bytes, index) => bytes + (textBytes[index] ?? 0));
  const parameters = [
    toNumbers(fresh.map(({ type }) => type)),
    toUuids(callIds.map(halfOf)),
    toUuids(fresh.map(({ digest }) => digest)),
    toNumbers(fresh.map(({ receivedAt }) => receivedAt)),
    fresh.map(({ source }) => source),
    toNumbers(beginningsOf(lengths)),
    toNumbers(idBytes),
    toNumbers(textBytes),
    Buffer.from(callIds.map((callId, index) => callId + (texts[index] ?? '')).join('')),
    monthsOf(fresh.map(({ receivedAt }) => receivedAt))[0] ?? 0,
  ];
  return { sql: appendSql, parameters };
}

/**
 * Appends our own events; the caller holds a transaction begun with `locksJournal`, and has asked for the partitions
 * of their months (`partitions.need('journal', …)`) before it.
 */
export async function appendEvents(transaction: Transaction, events: readonly NewEvent[]): Promise<Appended> {
  return await appendEntries(transaction, events.map(toEventEntry));
}

export function toMessageEntry({ type, digest, ...message }: NewMessage): NewEntry {
  return {
    ...message,
    type: toTypeNumber(type),
    digest: Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('hex'),
  };
}

export function toEventEntry({ type, callId, at, identity, body }: NewEvent): NewEntry {
  return {
    type: toTypeNumber(type),
    callId,
    digest: halfOf(identity),
    receivedAt: at,
    source: 'earshot',
    text: JSON.stringify(body),
  };
}

/** The months whose partitions must be there before these are appended. */
export function monthsOf(receivedAts: readonly number[]): number[] {
  let newest = -Infinity;
  for (const at of receivedAts) newest = Math.max(newest, at);
  return receivedAts.length === 0 ? [] : [toMonth(newest)];
}

/** Two entries are the same where these are. */
export function identityOf({ type, callId, digest }: NewEntry): string {
  return `${digest} ${type} ${callId}`;
}

/** What stands for a callId in `journal_identities`. */
export function toCallKey(callId: string): string {
  return halfOf(toStoredText(callId));
}

/** Of what comes more than once in a batch, the first. */
function withoutRepeats(entries: readonly NewEntry[]): NewEntry[] {
  const seen = new Set<string>();
  return entries.filter((entry) => {
    const before = seen.size;
    return seen.add(identityOf(entry)).size > before;
  });
}

/** The first half of the SHA-256, hex. */
function halfOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
