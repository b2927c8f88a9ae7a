import { stringify } from 'csv-stringify/sync';

/** Without it Excel takes UTF-8 for the code page of the machine. */
export const byteOrderMark = '\uFEFF';

/**
 * Rows as RFC 4180 has them, each with its CRLF. What a spreadsheet would take for a formula (text that begins with
 * `=`, `+`, `-`, `@`, their full-width forms, a tab or a carriage return) gets a `'` before it: ids come from strangers.
 */
export function toCsv(rows: readonly (readonly (string | number | undefined)[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: 'windows', escape_formulas: true },
  );
}
