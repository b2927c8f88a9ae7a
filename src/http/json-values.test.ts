import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import { parseInstant, toInstant } from './json-values.js';

const noon = Date.UTC(2025, 4, 22, 4, 0, 0);

function refusalOf(text: string): string {
  try {
    parseInstant('from', text);
  } catch (error) {
    if (error instanceof AppError && error.code === 'parameter-invalid') return error.message;
  }
  throw new Error(`${text} was not refused`);
}

describe('parseInstant', () => {
  it.each([
    ['2025-05-22T04:00:00Z', noon],
    ['2025-05-22T12:00:00+08:00', noon],
    ['2025-05-22T12:00:00+0800', noon],
    ['2025-05-22T12:00+08:00', noon],
    ['2025-05-22T00:30:00-03:30', noon],
    ['2025-05-22t04:00:00z', noon],
    ['2025-05-22T04:00:00.5Z', noon + 500],
    ['2025-05-22T04:00:00.123999Z', noon + 123],
  ])('reads %s', (text, expected) => {
    expect(parseInstant('from', text)).toBe(expected);
  });

  it('reads an offset whose plus became a space in a query string', () => {
    expect(parseInstant('from', '2025-05-22T12:00:00 08:00')).toBe(noon);
  });

  it.each(['2025-05-22T12:00:00', '2025-05-22', '2025-05-22 12:00:00'])(
    'refuses %s with a sentence about the offset',
    (text) => {
      expect(refusalOf(text)).toMatch(/`from` needs a time and an offset/);
    },
  );

  it.each(['', 'yesterday', '1747886400', '2025-05-22T12:00:00+8', '2025-05-22T12:00:00Z '])(
    'refuses %j',
    (text) => {
      expect(refusalOf(text)).toMatch(/ISO 8601/);
    },
  );

  it.each(['2025-02-30T00:00:00Z', '2025-13-01T00:00:00Z', '2025-01-01T24:00:00Z', '2025-01-01T00:60:00Z'])(
    'refuses %s, which does not exist',
    (text) => {
      expect(refusalOf(text)).toMatch(/does not exist/);
    },
  );

  it('reads back every instant that an answer may hold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 0) }), (ms) => {
        expect(parseInstant('to', toInstant(ms))).toBe(ms);
      }),
    );
  });
});
