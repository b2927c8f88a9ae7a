import type { CopiedRow } from '../copying.js';
import { workingColumns } from '../rows/copied-tables.js';
import { unnestSql, valuesOf } from './copied-rows.js';
import type { Database } from './database.js';
import { addToCounts, restateCalls } from './recording-states.js';
import { toNumbers } from './row-arrays.js';

const told = { columns: { id: 'integer', attempts: 'integer', ...workingColumns } } as const;
const columns = Object.keys(told.columns).filter((column) => column !== 'id');
const listOf = (table: string): string => columns.map((column) => `${table}.${column}`).join(', ');

const updateSql = `UPDATE recordings SET leased_until = NULL, leased_link_seq = NULL,
    ${columns.map((column) => `${column} = told.${column}`).join(', ')}
  FROM ${unnestSql(told)}
  WHERE recordings.id = told.id AND (${listOf('recordings')}) IS DISTINCT FROM (${listOf('told')})`;

/** Gives recordings what the source's have; those that the projection has not made yet are left out. */
export async function copyRecordings(database: Database, rows: readonly CopiedRow[]): Promise<void> {
  await database.transaction(async (transaction) => {
    const ids = toNumbers(rows.map(({ id }) => id as number));
    const known = await transaction.run(
      'SELECT id, call, state FROM recordings WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE',
      [ids],
    );
    await transaction.run(updateSql, valuesOf(told, rows));
    const states = new Map(rows.map(({ id, state }) => [id as number, state as number]));
    const calls = new Set<number>();
    const differences = new Map<number, number>();
    const add = (state: number, difference: number): void => {
      differences.set(state, (differences.get(state) ?? 0) + difference);
    };
    for (const { id, call, state } of known.rows as { id: number; call: number; state: number }[]) {
      const next = states.get(id) ?? state;
      if (next === state) continue;
      calls.add(call);
      add(state, -1);
      add(next, 1);
    }
    await restateCalls(transaction, [...calls]);
    await addToCounts(transaction, differences);
  });
}
