/*
 * The parts of a workbook that are the same whatever it holds (ECMA-376, SpreadsheetML): what there is, how cells look.
 */

/** A worksheet has no more rows, its headings among them. */
export const maxSheetRows = 1_048_576;
/** A cell has no more characters. */
export const maxCellLength = 32_767;

/** Indexes of the formats in `styles`. */
export const instantStyle = 1;
export const headingStyle = 2;
/** `@`: what is edited in such a cell stays text, with every digit of an id. */
export const textStyle = 3;

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelations = 'http://schemas.openxmlformats.org/package/2006/relationships';
const contentTypes = 'http://schemas.openxmlformats.org/package/2006/content-types';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

export function sheetFileOf(sheet: number): string {
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

export interface SheetColumn {
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

export const sheetEnd = '</sheetData></worksheet>';

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
