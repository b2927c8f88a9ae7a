/**
 * `$1, $2, …`: as many as a list of so many needs, rounded up to a power of two so that statements stay few. `toSql`
 * makes more of each.
 */
export function placeholders(count: number, toSql = (parameter: string): string => parameter): string {
  return Array.from({ length: roomFor(count) }, (_, index) => toSql(`$${index + 1}`)).join(', ');
}

/** The list as it fills these placeholders: its last value is repeated. */
export function filled<T>(values: readonly T[]): T[] {
  const last = values.slice(-1);
  return [...values, ...Array.from({ length: roomFor(values.length) - values.length }, () => last).flat()];
}

/** A power of two, as large as the count or larger. */
export function roomFor(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, count)));
}
