import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVendorTime } from './vendor-time.js';

const beijing = createVendorTime('Asia/Shanghai');
const newYork = createVendorTime('America/New_York');
const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());

describe('createVendorTime', () => {
  it("reads the specification's sample as the time in Beijing", () => {
    expect(iso(beijing('2025-05-22 12:29:20'))).toBe('2025-05-22T04:29:20.000Z');
  });

  it('moves to the day and the year before where the zone does', () => {
    expect(iso(beijing('2025-01-01 07:59:59'))).toBe('2024-12-31T23:59:59.000Z');
    expect(iso(beijing('2025-01-01 00:00:00'))).toBe('2024-12-31T16:00:00.000Z');
  });

  it('reads summer and winter of a zone that has both', () => {
    expect(iso(newYork('2025-01-15 12:00:00'))).toBe('2025-01-15T17:00:00.000Z');
    expect(iso(newYork('2025-07-15 12:00:00'))).toBe('2025-07-15T16:00:00.000Z');
  });

  it('takes the first of a local time that comes twice', () => {
    expect(iso(newYork('2025-11-02 00:59:59'))).toBe('2025-11-02T04:59:59.000Z');
    expect(iso(newYork('2025-11-02 01:30:00'))).toBe('2025-11-02T05:30:00.000Z');
    expect(iso(newYork('2025-11-02 02:00:00'))).toBe('2025-11-02T07:00:00.000Z');
  });

  it('reads a local time that never comes as if clocks had not been set forward', () => {
    expect(iso(newYork('2025-03-09 01:59:59'))).toBe('2025-03-09T06:59:59.000Z');
    expect(iso(newYork('2025-03-09 02:30:00'))).toBe('2025-03-09T07:30:00.000Z');
    expect(iso(newYork('2025-03-09 03:00:00'))).toBe('2025-03-09T07:00:00.000Z');
  });

  it('knows that Beijing once had summer time, and that Kathmandu is 5:45 ahead', () => {
    expect(iso(beijing('1988-07-01 12:00:00'))).toBe('1988-07-01T03:00:00.000Z');
    expect(iso(createVendorTime('Asia/Kathmandu')('2025-05-22 12:00:00'))).toBe('2025-05-22T06:15:00.000Z');
  });

  it('knows leap days', () => {
    expect(iso(beijing('2024-02-29 08:00:00'))).toBe('2024-02-29T00:00:00.000Z');
    expect(iso(beijing('2000-02-29 08:00:00'))).toBe('2000-02-29T00:00:00.000Z');
    expect(beijing('2025-02-29 08:00:00')).toBeUndefined();
    expect(beijing('1900-02-29 08:00:00')).toBeUndefined();
  });

  it.each([
    '2025-02-30 12:00:00',
    '2025-04-31 12:00:00',
    '2025-13-01 12:00:00',
    '2025-00-10 12:00:00',
    '2025-01-00 12:00:00',
    '2025-01-01 24:00:00',
    '2025-01-01 12:60:00',
    '2025-01-01 12:00:60',
    '0000-01-01 00:00:00',
    '0099-01-01 00:00:00',
    '2025-05-22T12:29:20',
    '2025-05-22 12:29:20Z',
    '2025-05-22 12:29:20.000',
    '2025-05-22 12:29',
    '2025-5-22 12:29:20',
    ' 2025-05-22 12:29:20',
    '2025-05-22 12:29:20\n',
    '２０２５-05-22 12:29:20',
    '1747888160000',
    '',
  ])('reads nothing from %j', (text) => {
    expect(beijing(text)).toBeUndefined();
  });

  it('refuses a zone that there is not', () => {
    expect(() => createVendorTime('Mars/Olympus')).toThrow(RangeError);
  });

  it.each(['Asia/Shanghai', 'America/New_York', 'Europe/London', 'Australia/Lord_Howe', 'UTC'])(
    'gives the instant whose clock in %s shows the text, wherever there is one',
    (timeZone) => {
      const toInstant = createVendorTime(timeZone);
      const min = Date.UTC(1992, 0, 1);
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 40 * 366 * 86_400 }), (seconds) => {
          const at = min + seconds * 1000;
          const shown = clockIn(timeZone, at);
          const read = toInstant(shown) ?? Number.NaN;
          // The clock shows the same an hour later where it is set back: the first is meant.
          expect(clockIn(timeZone, read)).toBe(shown);
          expect(read).toBeLessThanOrEqual(at);
        }),
        { numRuns: 200 },
      );
    },
  );
});

function clockIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
}
