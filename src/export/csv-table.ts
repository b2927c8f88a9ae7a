import type { ExportColumn, ExportLanguage } from '../domain/export-job.js';
import type { ExportedCall } from './call-pages.js';
import { byteOrderMark, toCsv } from './csv-text.js';
import { writeText, type Output } from './output.js';
import { headingOf, isInstant, toRows, type Cell } from './table-columns.js';

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
