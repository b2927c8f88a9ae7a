import { isInstant, type Cell } from './table-columns.js';
import { headingStyle, instantStyle, maxCellLength, textStyle } from './xlsx-parts.js';

/** An instant's distance from UTC in ms, in the zone of the table. */
export type ZoneOffset = (at: number) => number;

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

export function toHeadingsXml(headings: readonly string[]): string {
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
