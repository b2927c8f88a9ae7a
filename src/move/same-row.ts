import type { CopiedRow, CopiedValue } from '../store/copying.js';

/** Whether two rows say the same in every column that both have. */
export function isSameRow(one: CopiedRow, other: CopiedRow): boolean {
  return Object.keys(one).every((column) => {
    const [ours, theirs] = [one[column], other[column]];
    return theirs === undefined || isSameValue(ours ?? null, theirs);
  });
}

function isSameValue(one: CopiedValue, other: CopiedValue): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return Buffer.compare(one, other) === 0;
  return one === other;
}
