import { columnWidths, type ColumnName } from './columns.tsx';

export const rowPixels = 36;
const gapPixels = 12;
const paddingPixels = 24;

/** Widths of the columns that are shown, for every row alike: each row is a grid of its own. */
export function layOut(shown: readonly ColumnName[]): Readonly<Record<`--${string}`, string>> {
  const widths = shown.map((name) => columnWidths[name]);
  const least = widths.reduce((sum, [px]) => sum + px, 0) + gapPixels * (shown.length - 1) + paddingPixels;
  const columns = widths.map(([px, share]) => (share === 0 ? `${px}px` : `minmax(${px}px, ${share}fr)`));
  return { '--columns': columns.join(' '), '--least-width': `${least}px` };
}
