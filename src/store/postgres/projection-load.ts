import type { Change } from '../projection.js';
import { callColumnNames, type CallRow } from '../rows/call-row.js';
import { fromRecordingId, type RecordingRow } from '../rows/recording-row.js';
import { recordingColumnNames } from './recording-states.js';
import type { Transaction } from './database.js';
import type { KnownRows } from '../fold/projection.js';
import { toNumbers } from './row-arrays.js';

/**
 * The rows that these changes speak of, locked. They are found first and locked then, in the order of their ids: so
 * nobody who locks several waits for another who waits for him.
 */
export async function loadKnown(
  transaction: Transaction,
  changes: readonly Change[],
  suffix: string,
): Promise<KnownRows> {
  const told = await findTold(transaction, changes, suffix);
  const calls = await lockCalls(
    transaction,
    [...(await findCalls(transaction, changes, suffix)), ...told.calls],
    suffix,
  );
  const linked = await findLinked(transaction, changes, calls, suffix);
  const recordings = await lockRecordings(transaction, [...linked, ...told.recordings], suffix);
  return { calls, recordings };
}

/** The calls that messages speak of. `LIMIT` keeps the planner from reading calls in any other way than one by one. */
async function findCalls(
  { run }: Transaction,
  changes: readonly Change[],
  suffix: string,
): Promise<number[]> {
  const callIds = new Set(changes.flatMap((change) => (change.kind === 'message' ? change.callId : [])));
  if (callIds.size === 0) return [];
  const { rows } = await run(
    `SELECT found.id FROM unnest($1::text[]) AS asked (call_id) CROSS JOIN LATERAL (
       SELECT id FROM calls${suffix} WHERE left(call_id, 200) = left(asked.call_id, 200) AND call_id = asked.call_id
       LIMIT 1) AS found`,
    [[...callIds]],
  );
  return rows.map(({ id }) => id as number);
}

/**
 * The recordings that events tell of, with their calls. In the tables in use only those that were published here and
 * await their event, which are nobody's but the projector's: every other row has changed with its event,
 * unless it is described anew: that is left to the projector.
 */
async function findTold(
  { run }: Transaction,
  changes: readonly Change[],
  suffix: string,
): Promise<{ calls: number[]; recordings: number[] }> {
  const ids = new Set(
    changes.flatMap((change) => (change.kind === 'message' ? [] : fromRecordingId(change.recordingId))),
  );
  if (ids.size === 0) return { calls: [], recordings: [] };
  const described = changes.flatMap((change) =>
    change.kind === 'described' ? fromRecordingId(change.recordingId) : [],
  );
  const awaiting = `AND (state = 0 AND starts_with(link, 'earshot:') OR id = ANY($2::bigint[]))`;
  const isLive = suffix === '';
  const { rows } = await run(
    `SELECT id, call FROM recordings${suffix} WHERE id = ANY($1::bigint[]) ${isLive ? awaiting : ''}`,
    [toNumbers([...ids]), ...(isLive ? [toNumbers(described)] : [])],
  );
  return {
    calls: rows.map(({ call }) => call as number),
    recordings: rows.map(({ id }) => id as number),
  };
}

/** The recordings that messages bring a link of, of calls that are known. */
async function findLinked(
  { run }: Transaction,
  changes: readonly Change[],
  calls: readonly CallRow[],
  suffix: string,
): Promise<number[]> {
  const idOf = new Map(calls.map((call) => [call.call_id, call.id]));
  const asked = new Map<string, { call: number; path: string }>();
  for (const change of changes) {
    if (change.kind !== 'message' || !change.recording) continue;
    const call = idOf.get(change.callId);
    const { path } = change.recording;
    if (call !== undefined) asked.set(`${call} ${path}`, { call, path });
  }
  if (asked.size === 0) return [];
  const pairs = [...asked.values()];
  const { rows } = await run(
    `SELECT found.id FROM unnest($1::bigint[], $2::text[]) AS asked (call, path) CROSS JOIN LATERAL (
       SELECT id FROM recordings${suffix} WHERE call = asked.call AND path = asked.path LIMIT 1) AS found`,
    [toNumbers(pairs.map(({ call }) => call)), pairs.map(({ path }) => path)],
  );
  return rows.map(({ id }) => id as number);
}

async function lockCalls({ run }: Transaction, ids: readonly number[], suffix: string): Promise<CallRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await run(
    `SELECT ${callColumnNames} FROM calls${suffix} WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE`,
    [toNumbers(ids)],
  );
  return rows as CallRow[];
}

async function lockRecordings(
  { run }: Transaction,
  ids: readonly number[],
  suffix: string,
): Promise<RecordingRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await run(
    `SELECT ${recordingColumnNames} FROM recordings${suffix} WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE`,
    [toNumbers(ids)],
  );
  return rows as RecordingRow[];
}
