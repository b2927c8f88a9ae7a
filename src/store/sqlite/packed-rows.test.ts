import { DatabaseSync } from '@photostructure/sqlite';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromStoredText, toStoredText } from '../rows/row.js';
import { packRows, unpackRows } from './packed-rows.js';

let database: InstanceType<typeof DatabaseSync>;

beforeAll(() => {
  database = new DatabaseSync(':memory:');
});

afterAll(() => {
  database.close();
});

/** What SQLite finds in packed rows of one value each. As connection.ts does, texts are bound in their stored form. */
function readBack(values: readonly (string | number | null)[]): unknown[] {
  // Numbers as a REAL column takes them: the driver refuses to read an INTEGER that a double may not hold exactly.
  const select = database.prepare(
    `SELECT iif(typeof(value ->> 0) = 'integer', CAST(value ->> 0 AS REAL), value ->> 0) AS found FROM jsonb_each(jsonb(?))`,
  );
  return packRows(values, (value) => [value])
    .flatMap(({ text }) => select.all(toStoredText(text)) as { found: unknown }[])
    .map(({ found }) => (typeof found === 'string' ? fromStoredText(found) : found));
}

describe('packed rows', () => {
  it.each([
    ['NUL', 'a\0b'],
    ['half a surrogate pair', 'a\ud800b\udc00'],
    ['a whole pair', '\u{1f600}'],
    ['the mark of stored text', '\uFFFE0000'],
    ['an escape that is text', String.raw`{"a":"\u0000\ud83d\uFFFE"}`],
    ['white space and quotes', '"\\\n\t\u2028/'],
    ['nothing', ''],
  ])('keep %s', (_what, text) => {
    expect(readBack([text])).toEqual([text]);
    expect(packRows([text], (value) => [value]).flatMap((packed) => unpackRows(packed.text))).toEqual([
      [toStoredText(text)],
    ]);
  });

  it('keep any text and any number', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ unit: 'binary' }),
            fc.maxSafeInteger(),
            fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
            fc.constant(null),
          ),
        ),
        (values) => {
          expect(readBack(values)).toEqual(values);
        },
      ),
    );
  });

  it('come in texts of a bounded number of rows, in their order', () => {
    const numbers = Array.from({ length: 2_500 }, (_, index) => index);
    expect(packRows(numbers, (value) => [value]).map(({ count }) => count)).toEqual([1_000, 1_000, 500]);
    expect(readBack(numbers)).toEqual(numbers);
  });
});
