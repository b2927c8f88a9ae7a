import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unreadableReasons } from '../protocol/push-body.js';
import { deliveryReasons } from './delivery.js';
import { AppError, errorTable, isErrorCode } from './errors.js';
import { callFlags, recordingFlags } from './flags.js';
import { downloadReasons } from './recording.js';

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

/** The rows of the table below one heading: the cells of each, the first without its backticks. */
function rowsBelow(heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
    .map(([word = '', ...rest]) => [word.replaceAll('`', ''), ...rest]);
}

const wordsBelow = (heading: string) => rowsBelow(heading).map(([word]) => word);

describe('docs/errors.md', () => {
  it('documents every error code, and none that does not exist', () => {
    expect(wordsBelow('Error codes').toSorted()).toEqual(Object.keys(errorTable).toSorted());
  });

  it('names the status that the API answers with', () => {
    for (const [code = '', status] of rowsBelow('Error codes')) {
      if (!isErrorCode(code)) throw new Error(`undocumented code ${code}`);
      if (status !== '—') expect([code, status]).toEqual([code, String(errorTable[code].status)]);
    }
  });

  it('documents every download reason, and none that does not exist', () => {
    expect(wordsBelow('Download reasons').toSorted()).toEqual(downloadReasons.toSorted());
  });

  it('documents every delivery reason, and none that does not exist', () => {
    expect(wordsBelow('Delivery reasons').toSorted()).toEqual(deliveryReasons.toSorted());
  });

  it('documents every flag, and none that does not exist', () => {
    expect(wordsBelow('Flags').toSorted()).toEqual([...callFlags, ...recordingFlags].toSorted());
  });

  it('documents every reason of quarantine, and none that does not exist', () => {
    expect(wordsBelow('Quarantine reasons').toSorted()).toEqual(unreadableReasons.toSorted());
  });

  it('gives a cause and a remedy for every word', () => {
    for (const heading of [
      'Error codes',
      'Download reasons',
      'Delivery reasons',
      'Quarantine reasons',
      'Flags',
    ]) {
      for (const cells of rowsBelow(heading)) expect(cells.filter((cell) => cell === '')).toEqual([]);
    }
  });
});

describe('AppError', () => {
  it('carries its code, its sentence and the status of the table', () => {
    const error = new AppError('call-unknown', 'No call has the id 1^2.');
    expect([error.code, error.message, error.status]).toEqual([
      'call-unknown',
      'No call has the id 1^2.',
      404,
    ]);
  });

  it('knows its codes, and takes no inherited name for one', () => {
    expect([isErrorCode('internal'), isErrorCode('toString'), isErrorCode(7)]).toEqual([true, false, false]);
  });
});
