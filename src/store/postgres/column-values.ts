import { createHash } from 'node:crypto';
import pg from 'pg';
import { fromStoredText, toStoredText } from '../rows/row.js';

const int8 = 20;
const text = 25;
const int8Array = 1016;
const parserOf = pg.types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown;
const toArray = parserOf(int8Array);

/** Integers of 64 bits come as numbers: ours are instants, counts and seqs, all below 2^53. */
const parsers = new Map<number, (value: string) => unknown>([
  [int8, Number],
  [int8Array, (value) => (toArray(value) as unknown[]).map(Number)],
  [text, fromStoredText],
]);

/** How `pg` reads columns. Text is as it was before it was stored (rows/row.ts), but for text in arrays. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: string) =>
    parsers.get(oid) ?? parserOf(oid, format)) as typeof pg.types.getTypeParser,
};

/** Parameters as they are sent: text of any kind survives, alone and in arrays. */
export function toParameters(values: readonly unknown[]): unknown[] {
  return values.map(toParameter);
}

function toParameter(value: unknown): unknown {
  if (typeof value === 'string') return toStoredText(value);
  return Array.isArray(value) ? value.map(toParameter) : value;
}

const names = new Map<string, string>();

/** The text is the name: two versions of Earshot that share a session never mean different statements by one. */
export function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = `earshot_${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`;
    names.set(sql, name);
  }
  return name;
}
