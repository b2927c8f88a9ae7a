import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { MemoryOutput } from '../../test/support/memory-output.js';
import { exportColumns } from '../domain/export-job.js';
import type { ExportedCall } from './call-pages.js';
import { toCsv, writeCsv } from './csv-table.js';
import { call, pagesOf, recording } from '../../test/support/exported-calls.js';

async function write(calls: readonly ExportedCall[], language: 'en' | 'zh-CN' = 'en') {
  const output = new MemoryOutput();
  await writeCsv(pagesOf(calls), exportColumns, language, output);
  return output.whole.toString();
}

describe('a row of CSV', () => {
  it('is read back as it was by another parser, whatever is in it', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.constantFrom(',', '"', '\n', '\r\n', '\r'),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
        const read: string[][] = parse(toCsv(rows), { record_delimiter: '\r\n' });
        expect(read).toEqual(rows.map((row) => row.map(withoutFormula)));
      }),
    );
  });

  it.each(['\n', '\r', '\r\n', ';', '\t', '|', '\u2028', '\u0085', '\v'])(
    'quotes what holds %j, at which some spreadsheet begins a new cell or row',
    (splitter) => {
      expect(toCsv([[`x${splitter}=1+1`, 'y']])).toBe(`"x${splitter}=1+1",y\r\n`);
    },
  );

  it('ends with CRLF, and is no formula to a spreadsheet', () => {
    expect(toCsv([['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '＝1', 'a=1', -5, undefined]])).toBe(
      "'=1+1,'+1,'-1,'@SUM(A1),\"'\tx\",'＝1,a=1,-5,\r\n",
    );
  });
});

describe('a table of calls as CSV', () => {
  it('begins with the mark that Excel wants, then has headings in either language', async () => {
    expect(await write([])).toMatch(/^\uFEFFCall ID,Task ID,.*,Recording file\r\n$/);
    expect(await write([], 'zh-CN')).toMatch(/^\uFEFF通话 ID,任务 ID,.*,录音文件\r\n$/);
  });

  it('has a row for each recording, and one for a call without any', async () => {
    const calls = [
      call('1^1', { recordings: [recording('r1'), recording('r2')] }),
      call('2^2', { recordings: [] }),
    ];
    const rows = parse<Record<string, string>>(await write(calls), { bom: true, columns: true });
    expect(rows.map((row) => [row['Call ID'], row['Recording ID']])).toEqual([
      ['1^1', 'r1'],
      ['1^1', 'r2'],
      ['2^2', ''],
    ]);
    expect(rows[0]).toMatchObject({
      Start: '2025-05-22T04:29:20.000Z',
      'Duration (s)': '125',
      Flags: 'link-unusable, short',
      Tags: 'angry, to be checked',
      'Recording state': 'archived',
      'Recording size (bytes)': '1000',
      'Recording file': '2025-05-22/1_1-r1.wav',
    });
  });

  it('never holds a link', async () => {
    expect(await write([call('1^1', { recordings: [recording('r1')] })])).not.toMatch(/http|\?/);
  });
});

/** What stands for the cell in a file that a spreadsheet opens. */
function withoutFormula(cell: string): string {
  return /^[=+\-@\t\r＝＋－＠]/.test(cell) ? `'${cell}` : cell;
}
