/** `$first, $first+1, …`: as many as a list has, rounded up to a power of two so that statements stay few. */
export function placeholders(count: number, first = 1): string {
  return Array.from({ length: roomFor(count) }, (_, index) => `$${first + index}`).join(', ');
}

/** The list as it fills these placeholders: its last value is repeated. */
export function filled<T>(values: readonly T[]): T[] {
  const last = values.slice(-1);
  return Array.from({ length: roomFor(values.length) }, (_, index) => values[index] ?? last).flat() as T[];
}

function roomFor(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, count)));
}
