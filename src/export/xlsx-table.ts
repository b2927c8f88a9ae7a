import type { ExportColumn, ExportLanguage } from '../domain/export-job.js';
import type { ExportedCall } from './call-pages.js';
import { headingOf, toRows, type Cell, isInstant } from './table-columns.js';
import type { ZipWriter } from './zip/zip-writer.js';

/** An instant's distance from UTC in ms, in the zone of the table. */
type ZoneOffset = (at: number) => number;

const dayMs = 24 * 60 * 60 * 1000;
/** Day 0 of a workbook's dates, as far as they are right: before March 1900 they count a day that never was. */
const dayZero = Date.UTC(1899, 11, 30);
const firstInstant = Date.UTC(1900, 2, 1);
const endOfInstants = Date.UTC(10_000, 0, 1);
/** What XML 1.0 cannot hold, and what a workbook would take for such an escape. */
const unspeakable = /[\0-\x08\x0B-\x1F\uFFFE\uFFFF]|_(?=x[0-9A-Fa-f]{4}_)/g;
const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** One row of a sheet. Text is text: nothing of it is ever taken for a formula. */
export function toRowXml(cells: readonly Cell[], row: number, offsetAt: ZoneOffset): string {
  const inRow = cells.map((cell, index) => toCellXml(cell, `${toLetters(index)}${row}`, offsetAt));
  return `<row r="${row}">${inRow.join('')}</row>`;
}

function toHeadingsXml(headings: readonly string[]): string {
  const cells = headings.map((text, index) => toTextXml(text, `${toLetters(index)}1`, headingStyle));
  return `<row r="1">${cells.join('')}</row>`;
}

function toCellXml(cell: Cell, place: string, offsetAt: ZoneOffset): string {
  if (cell === undefined || cell === '') return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? `<c r="${place}"><v>${cell}</v></c>` : '';
  if (!isInstant(cell)) return toTextXml(cell, place);
  const local = cell.at + offsetAt(cell.at);
  if (local < firstInstant || local >= endOfInstants)
    return toTextXml(new Date(cell.at).toISOString(), place);
  return `<c r="${place}" s="${instantStyle}"><v>${(local - dayZero) / dayMs}</v></c>`;
}

/** In the cell itself: a table of shared texts would have to be in memory until the end. */
function toTextXml(text: string, place: string, style = textStyle): string {
  return `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${toXml(shorten(text))}</t></is></c>`;
}

function shorten(text: string): string {
  return text.length <= maxCellLength ? text : `${text.slice(0, maxCellLength - 1)}…`;
}

function toXml(text: string): string {
  return text.replace(unspeakable, toEscape).replace(/[&<>]/g, (character) => markup[character] ?? '');
}

function toEscape(character: string): string {
  return `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
}

/** A, B, …, Z, AA, … */
function toLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : toLetters(Math.floor(index / 26) - 1) + letter;
}

/*
 * The parts of a workbook that are the same whatever it holds (ECMA-376, SpreadsheetML): what there is, how cells look.
 */

/** A worksheet has no more rows, its headings among them. */
const maxSheetRows = 1_048_576;
/** A cell has no more characters. */
const maxCellLength = 32_767;

/** Indexes of the formats in `styles`. */
const instantStyle = 1;
const headingStyle = 2;
/** `@`: what is edited in such a cell stays text, with every digit of an id. */
const textStyle = 3;

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const contentTypes = 'http://schemas.openxmlformats.org/package/2006/content-types';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

function sheetFileOf(sheet: number): string {
  return `xl/worksheets/sheet${sheet}.xml`;
}

/** Every part but the sheets, by its place in the package. */
export function workbookParts(sheetNames: readonly string[]): Readonly<Record<string, string>> {
  return {
    'xl/styles.xml': styles,
    'xl/workbook.xml': toWorkbook(sheetNames),
    'xl/_rels/workbook.xml.rels': toWorkbookRelations(sheetNames.length),
    '_rels/.rels': `${declaration}<Relationships xmlns="${packageRelations}"><Relationship Id="rId1" Type="${relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    '[Content_Types].xml': toContentTypes(sheetNames.length),
  };
}

interface SheetColumn {
  /** In characters. */
  readonly width: number;
  /** Whether what somebody types into an empty cell is text, too. */
  readonly isText: boolean;
}

/** What comes before the rows: the headings stay in sight, and each column has a width and a format. */
export function sheetBegin(sheetColumns: readonly SheetColumn[]): string {
  const columns = sheetColumns.map(({ width, isText }, index) => {
    const style = isText ? ` style="${textStyle}"` : '';
    return `<col min="${index + 1}" max="${index + 1}" width="${width}"${style} customWidth="1"/>`;
  });
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  const views = `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`;
  return `${declaration}<worksheet xmlns="${main}">${views}<cols>${columns.join('')}</cols><sheetData>`;
}

const sheetEnd = '</sheetData></worksheet>';

const styles = `${declaration}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

function toWorkbook(sheetNames: readonly string[]): string {
  const sheets = sheetNames.map(
    (name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
  );
  return `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><sheets>${sheets.join('')}</sheets></workbook>`;
}

function toWorkbookRelations(sheets: number): string {
  const toSheets = Array.from(
    { length: sheets },
    (_, index) =>
      `<Relationship Id="rId${index + 1}" Type="${relations}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
  );
  const toStyles = `<Relationship Id="rId${sheets + 1}" Type="${relations}/styles" Target="styles.xml"/>`;
  return `${declaration}<Relationships xmlns="${packageRelations}">${toSheets.join('')}${toStyles}</Relationships>`;
}

function toContentTypes(sheets: number): string {
  const ofSheets = Array.from(
    { length: sheets },
    (_, index) =>
      `<Override PartName="/${sheetFileOf(index + 1)}" ContentType="${spreadsheet}.worksheet+xml"/>`,
  );
  const defaults =
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>';
  const workbook = `<Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/>`;
  const ofStyles = `<Override PartName="/xl/styles.xml" ContentType="${spreadsheet}.styles+xml"/>`;
  return `${declaration}<Types xmlns="${contentTypes}">${defaults}${workbook}${ofStyles}${ofSheets.join('')}</Types>`;
}

interface XlsxOptions {
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
