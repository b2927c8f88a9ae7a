/**
 * What changes from message to message, as functions of its number: every message of a run is another call,
 * and whoever knows the number can ask for it afterwards. Ids are 12 digits ^ 12 digits like the sender's,
 * and scrambled, because nothing promises that they come in the order of an index.
 */
const headStep = 61_803_399;
const tailStep = 32_452_843;
const span = 100_000_000;

/** Both steps have no factor in common with 10^8, so that 10^8 numbers give 10^8 different halves. */
export function headOf(message: number): number {
  return (message * headStep) % span;
}

export function tailOf(message: number): number {
  return (message * tailStep) % span;
}

/** `shard` (0 to 99) keeps runs apart that fill the same store; 0 is the data set's. */
export function callIdOf(shard: number, message: number): string {
  return `${callHeadOf(shard, message)}^1000${digits(tailOf(message), 8)}`;
}

export function callHeadOf(shard: number, message: number): string {
  return `10${digits(shard, 2)}${digits(headOf(message), 8)}`;
}

/** The same two ids in SQL, of a column or expression `n`. */
export const callHeadSql = (n: string) => `printf('1000%08d', (${n} * ${headStep}) % ${span})`;
export const callTailSql = (n: string) => `printf('1000%08d', (${n} * ${tailStep}) % ${span})`;

/** The whole id in SQL of PostgreSQL, of shard 0. */
export const postgresCallIdSql = (n: string) =>
  [headStep, tailStep]
    .map((step) => `'1000' || lpad((${n} * ${step} % ${span})::text, 8, '0')`)
    .join(` || '^' || `);

export function digits(value: number, width: number): string {
  return String(value).padStart(width, '0');
}
