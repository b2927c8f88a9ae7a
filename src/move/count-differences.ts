import type { CopyCounts } from '../store/copying.js';

/** One sentence for each count that is not the same on both sides: `journal.rows: 12 at the source, 11 at the target`. */
export function differencesBetween(source: CopyCounts, target: CopyCounts): string[] {
  const names = new Set([...Object.keys(source), ...Object.keys(target)]);
  return [...names]
    .filter((name) => source[name] !== target[name])
    .map(
      (name) => `${name}: ${source[name] ?? 'none'} at the source, ${target[name] ?? 'none'} at the target`,
    );
}
