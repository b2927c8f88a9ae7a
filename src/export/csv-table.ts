import type { ExportColumn, ExportLanguage } from '../domain/export-job.js';
import type { ExportedCall } from './call-pages.js';
import { writeText, type Output } from './output.js';
import { headingOf, isInstant, toRows, type Cell } from './table-columns.js';
import { stringify } from 'csv-stringify/sync';

/** Without it Excel takes UTF-8 for the code page of the machine. */
export const byteOrderMark = '\uFEFF';

/** At each of these some spreadsheet ends a cell or a row; what holds one is quoted, and so is what begins or ends blank. */
const splitting = /[\r\n\u000b\u000c\u0085\u2028\u2029",;|\t:]|^\s|\s$/u;

/**
 * Rows as RFC 4180 has them, each with its CRLF. What a spreadsheet would take for a formula (text that begins with
 * `=`, `+`, `-`, `@`, their full-width forms, a tab or a carriage return) gets a `'` before it: ids come from strangers.
 */
export function toCsv(rows: readonly (readonly (string | number | undefined)[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: 'windows', escape_formulas: true, quoted_match: splitting },
  );
}

/** Calls as CSV in UTF-8, with headings; instants as ISO 8601 in UTC. */
export async function writeCsv(
  pages: AsyncIterable<readonly ExportedCall[]>,
  columns: readonly ExportColumn[],
  language: ExportLanguage,
  output: Output,
): Promise<void> {
  await writeText(output, toTexts());

  async function* toTexts(): AsyncGenerator<string, void, undefined> {
    yield byteOrderMark + toCsv([columns.map((column) => headingOf(column, language))]);
    for await (const calls of pages) {
      yield toCsv(calls.flatMap((call) => toRows(call, columns).map((row) => row.map(toPlain))));
    }
  }
}

function toPlain(cell: Cell): string | number | undefined {
  return isInstant(cell) ? new Date(cell.at).toISOString() : cell;
}
