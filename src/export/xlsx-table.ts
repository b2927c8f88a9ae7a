import type { ExportColumn, ExportLanguage } from '../domain/export-job.js';
import type { ExportedCall } from './call-pages.js';
import { headingOf, toRows, type Cell } from './table-columns.js';
import { toHeadingsXml, toRowXml, type ZoneOffset } from './xlsx-cells.js';
import {
  maxSheetRows,
  sheetBegin,
  sheetEnd,
  sheetFileOf,
  workbookParts,
  type SheetColumn,
} from './xlsx-parts.js';
import type { ZipWriter } from './zip/zip-writer.js';

export interface XlsxOptions {
  readonly columns: readonly ExportColumn[];
  readonly language: ExportLanguage;
  /** Dates of a workbook have no zone: they are written as clocks there show them. */
  readonly timeZone: string;
  readonly offsetAt: ZoneOffset;
  readonly madeAt: number;
  /** Of one sheet, its headings among them. */
  readonly maxRows?: number;
}

/** Well below what an entry without ZIP64 may have: spreadsheets are picky about the long form. */
const maxSheetBytes = 3 * 1024 ** 3;
const instantColumns = new Set<ExportColumn>(['startAt', 'endAt', 'firstReceivedAt', 'lastReceivedAt']);
const numberColumns = new Set<ExportColumn>(['durationSeconds', 'recordingBytes', 'recordingSeconds']);
const sheetName = { en: 'Calls', 'zh-CN': '通话' } as const;
const batchRows = 200;

/** Calls as a workbook: real numbers, real dates, headings that stay in sight; as many sheets as the rows need. */
export async function writeXlsx(
  pages: AsyncIterable<readonly ExportedCall[]>,
  options: XlsxOptions,
  zip: ZipWriter,
): Promise<void> {
  const { madeAt, language } = options;
  const rows = new RowQueue(pages, options.columns);
  const names: string[] = [];
  do {
    names.push(names.length === 0 ? sheetName[language] : `${sheetName[language]} ${names.length + 1}`);
    await zip.addDeflated(sheetFileOf(names.length), madeAt, toSheet(rows, options));
  } while (await rows.hasMore());
  for (const [name, xml] of Object.entries(workbookParts(names)))
    await zip.addDeflated(name, madeAt, [Buffer.from(xml)]);
}

async function* toSheet(rows: RowQueue, options: XlsxOptions): AsyncGenerator<Buffer, void, undefined> {
  const { columns, offsetAt, maxRows = maxSheetRows } = options;
  const begin =
    sheetBegin(columns.map(toSheetColumn)) +
    toHeadingsXml(columns.map((column) => toHeading(column, options)));
  yield Buffer.from(begin);
  let row = 1;
  for (let bytes = 0; row < maxRows && bytes < maxSheetBytes;) {
    const batch = await rows.take(Math.min(batchRows, maxRows - row));
    if (batch.length === 0) break;
    const xml = Buffer.from(batch.map((cells, index) => toRowXml(cells, row + 1 + index, offsetAt)).join(''));
    row += batch.length;
    bytes += xml.length;
    yield xml;
  }
  yield Buffer.from(sheetEnd);
}

function toHeading(column: ExportColumn, { language, timeZone }: XlsxOptions): string {
  const heading = headingOf(column, language);
  return instantColumns.has(column) ? `${heading} (${timeZone})` : heading;
}

function toSheetColumn(column: ExportColumn): SheetColumn {
  return { width: widthOf(column), isText: !instantColumns.has(column) && !numberColumns.has(column) };
}

function widthOf(column: ExportColumn): number {
  if (column === 'recordingSha256') return 66;
  return instantColumns.has(column) || column.endsWith('Id') ? 24 : 16;
}

/** Rows of calls, whatever page they come from, and whatever sheet they go to. */
class RowQueue {
  readonly #pages: AsyncIterator<readonly ExportedCall[]>;
  readonly #columns: readonly ExportColumn[];
  #rows: Cell[][] = [];
  #next = 0;

  constructor(pages: AsyncIterable<readonly ExportedCall[]>, columns: readonly ExportColumn[]) {
    this.#pages = pages[Symbol.asyncIterator]();
    this.#columns = columns;
  }

  async hasMore(): Promise<boolean> {
    while (this.#next >= this.#rows.length) {
      const page = await this.#pages.next();
      if (page.done) return false;
      this.#rows = page.value.flatMap((call) => toRows(call, this.#columns));
      this.#next = 0;
    }
    return true;
  }

  /** Up to `limit` rows, and at least one; none at the end. */
  async take(limit: number): Promise<readonly Cell[][]> {
    if (!(await this.hasMore())) return [];
    const taken = this.#rows.slice(this.#next, this.#next + limit);
    this.#next += taken.length;
    return taken;
  }
}
