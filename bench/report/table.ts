import type { Figure } from './figure.js';

const headings = ['figure', 'measured', 'beside', 'aim', 'reached'] as const;

/** The figures as a table that is readable on a terminal and in Markdown. */
export function toTable(figures: readonly Figure[]): string {
  const rows = [headings.map(String), ...figures.map(toRow)];
  const widths = headings.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map(
    (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  lines.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  const notes = figures.flatMap(({ name, notes: of = [] }) => of.map((note) => `${name}: ${note}`));
  return [...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function toRow({ name, measured, beside, aims }: Figure): string[] {
  return [
    name,
    measured,
    beside,
    aims.map(({ text }) => text).join(', '),
    aims.length === 0 ? '–' : aims.map(({ isReached }) => (isReached ? 'yes' : 'no')).join(', '),
  ];
}
