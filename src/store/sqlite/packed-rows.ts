import { toStoredText } from '../rows/stored-text.js';

/**
 * Rows as they cross to the store's thread, and as its statements take them: JSON arrays in one text,
 * `rowsPerText` of them, read there by `jsonb_each`. Thousands of objects would be taken apart here, put
 * together there, and then handed to SQLite value by value; that cost the store's thread more than SQLite's
 * own work. Texts are bounded, because each is held in three forms while it is read.
 */
export interface PackedRows {
  readonly text: string;
  readonly count: number;
}

const rowsPerText = 1_000;

export function packRows<T>(items: readonly T[], toRow: (item: T) => readonly unknown[]): PackedRows[] {
  const packed: PackedRows[] = [];
  for (let start = 0; start < items.length; start += rowsPerText) {
    const rows = items.slice(start, start + rowsPerText).map(toRow);
    packed.push({ text: toText(rows), count: rows.length });
  }
  return packed;
}

/** The rows of one text, their strings in the form that SQLite keeps (stored-text.ts). */
export function unpackRows(text: string): unknown[][] {
  return JSON.parse(text) as unknown[][];
}

function toText(rows: readonly (readonly unknown[])[]): string {
  const text = JSON.stringify(rows);
  if (!text.includes('\\u0000') && !text.includes('\\ud') && !text.includes('\uFFFE')) return text;
  // Whoever binds this text escapes the mark where it stands as itself: it must not, in here.
  return JSON.stringify(rows, storedValue).replaceAll('\uFFFE', '\\ufffe');
}

function storedValue(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? toStoredText(value) : value;
}
