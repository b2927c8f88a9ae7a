import fc from 'fast-check';
import readXlsxFile from 'read-excel-file/node';
import { describe, expect, it } from 'vitest';
import { call, pagesOf, recording } from '../../test/support/exported-calls.js';
import { MemoryOutput, MemorySpool } from '../../test/support/memory-output.js';
import type { ExportColumn, ExportLanguage } from '../domain/export-job.js';
import { createZoneOffsets } from '../protocol/vendor-time.js';
import type { ExportedCall } from './call-pages.js';
import { toRowXml, sheetBegin, workbookParts, writeXlsx } from './xlsx-table.js';
import { ZipWriter } from './zip/zip-writer.js';

interface HowToWrite {
  readonly columns?: readonly ExportColumn[];
  readonly maxRows?: number;
  readonly language?: ExportLanguage;
}

/** The sheets of a workbook, as another reader sees them. */
async function writeAndRead(calls: readonly ExportedCall[], how: HowToWrite = {}) {
  const output = new MemoryOutput();
  const zip = new ZipWriter(output, new MemorySpool());
  const timeZone = 'Asia/Shanghai';
  await writeXlsx(
    pagesOf(calls),
    {
      columns: ['callId', 'startAt', 'durationSeconds', 'recordingId'],
      ...{ timeZone, offsetAt: createZoneOffsets(timeZone), language: 'en', madeAt: Date.UTC(2025, 4, 23) },
      ...how,
    },
    zip,
  );
  await zip.end();
  return await readXlsxFile(output.whole);
}

describe('a table of calls as a workbook', () => {
  it('has headings, text, numbers, and dates as clocks in the zone show them', async () => {
    const [sheet, ...others] = await writeAndRead([
      call('1^1', { recordings: [recording('r1'), recording('r2')] }),
      call('2^2', { durationSeconds: 0.5 }),
    ]);
    const start = new Date(Date.UTC(2025, 4, 22, 12, 29, 20));
    expect(others).toEqual([]);
    expect(sheet).toEqual({
      sheet: 'Calls',
      data: [
        ['Call ID', 'Start (Asia/Shanghai)', 'Duration (s)', 'Recording ID'],
        ['1^1', start, 125, 'r1'],
        ['1^1', start, 125, 'r2'],
        ['2^2', start, 0.5, null],
      ],
    });
  });

  it('goes on in another sheet where one is full, with headings on each', async () => {
    const calls = Array.from({ length: 7 }, (_, index) => call(`${index}`));
    const sheets = await writeAndRead(calls, { columns: ['callId'], maxRows: 4, language: 'zh-CN' });
    expect(sheets).toEqual([
      { sheet: '通话', data: [['通话 ID'], ['0'], ['1'], ['2']] },
      { sheet: '通话 2', data: [['通话 ID'], ['3'], ['4'], ['5']] },
      { sheet: '通话 3', data: [['通话 ID'], ['6']] },
    ]);
  });

  it('has no empty sheet behind a full one, and one sheet where there is nothing', async () => {
    const calls = [call('a'), call('b'), call('c')];
    expect(await writeAndRead(calls, { columns: ['callId'], maxRows: 4 })).toHaveLength(1);
    expect(await writeAndRead([], { columns: ['callId'] })).toEqual([
      { sheet: 'Calls', data: [['Call ID']] },
    ]);
  });

  it('keeps any text as text, down to what XML has no place for', async () => {
    // Of what no XML can hold, a workbook has an escape of its own, which few readers know.
    const speakable = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/[\0-\x1F\uFFFE\uFFFF]|_x[0-9A-Fa-f]{4}_/.test(text) && text.trim() === text);
    await fc.assert(
      fc.asyncProperty(fc.array(speakable, { minLength: 1, maxLength: 5 }), async (ids) => {
        const [sheet] = await writeAndRead(
          ids.map((id) => call(`x${id}<&>"'`)),
          { columns: ['callId'] },
        );
        expect(sheet?.data.slice(1)).toEqual(ids.map((id) => [`x${id}<&>"'`]));
      }),
      { numRuns: 20 },
    );
  });

  it('writes an id that looks like a number or a formula as it is, and cuts one that no cell can hold', async () => {
    const ids = ['12345678901234567890', '007', '=1+1', 'x'.repeat(40_000)];
    const [sheet] = await writeAndRead(
      ids.map((id) => call(id)),
      { columns: ['callId'] },
    );
    const [, , , long] = sheet?.data.slice(1).map(([cell]) => cell) ?? [];
    expect(sheet?.data.slice(1, 4)).toEqual([['12345678901234567890'], ['007'], ['=1+1']]);
    expect(long).toBe(`${'x'.repeat(32_766)}…`);
  });

  it('has the format of text on every cell of text, and on the empty cells of such columns', () => {
    const offsetAt = () => 0;
    expect(toRowXml(['007', 12, { at: Date.UTC(2025, 4, 22) }, undefined], 2, offsetAt)).toMatch(
      /^<row r="2"><c r="A2" s="3" t="inlineStr">.*<\/c><c r="B2"><v>12<\/v><\/c><c r="C2" s="1"><v>[\d.]+<\/v><\/c><\/row>$/,
    );
    expect(workbookParts(['Calls'])['xl/styles.xml']).toMatch(/(<xf [^>]*>){3}<xf numFmtId="49"/);
    expect(
      sheetBegin([
        { width: 24, isText: true },
        { width: 16, isText: false },
      ]),
    ).toContain(
      '<col min="1" max="1" width="24" style="3" customWidth="1"/><col min="2" max="2" width="16" customWidth="1"/>',
    );
  });
});
