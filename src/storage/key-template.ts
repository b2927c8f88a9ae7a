import { exportsFolder } from '../domain/export-job.js';
import { StorageError } from './asset-storage.js';
import { join } from 'node:path';

/** Letters, digits, `_`, `-` and inner dots: nothing that climbs, hides, or means something to a file system. */
const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;
const maxSegments = 8;

/** Segments of a file name below the root. Rejects (`bad-name`) whatever could lead out of it or into `.drafts`. */
export function splitFileName(fileName: string): string[] {
  const segments = fileName.split('/');
  if (segments.length > maxSegments || !segments.every((part) => segment.test(part) && !part.endsWith('.'))) {
    throw new StorageError('bad-name', 'the file name is none that an asset can have');
  }
  return segments;
}

export function toAssetPath(root: string, fileName: string): string {
  return join(root, ...splitFileName(fileName));
}

/** An id as the name of a draft; rejects (`bad-name`) what is not plain. */
export function checkDraftId(recordingId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(recordingId)) {
    throw new StorageError('bad-name', 'the recording id is none that a draft can have');
  }
  return recordingId;
}

/** The key of an object below the prefix, for an asset's file name. Rejects (`bad-name`) as `splitFileName` does. */
export type KeyOf = (fileName: string) => string;

export const defaultKeyTemplate = '{date}/{name}';

const tokenPattern = /\{([^{}]*)\}/g;
const parts: Readonly<Record<string, (date: string, name: string) => string>> = {
  date: (date) => date,
  year: (date) => date.slice(0, 4),
  month: (date) => date.slice(5, 7),
  day: (date) => date.slice(8, 10),
  name: (_, name) => name,
};

/**
 * Reads a template such as `calls/{year}/{month}/{day}/{name}`. Two names must never share a key: hence `{name}` once
 * and the whole date, which has the same length in every name, so that either can be read back from a key.
 * @throws Error with what is expected, without a full stop.
 */
export function parseKeyTemplate(template: string): KeyOf {
  const tokens = [...template.matchAll(tokenPattern)].map(([, token]) => token ?? '');
  const unknown = tokens.find((token) => !Object.hasOwn(parts, token));
  if (unknown !== undefined)
    throw new Error(`key: expected {date}, {year}, {month}, {day} and {name}, got {${unknown}}`);
  if (tokens.filter((token) => token === 'name').length !== 1)
    throw new Error('key: expected {name} in it, once, so that no two recordings share a key');
  const hasDate =
    tokens.includes('date') || ['year', 'month', 'day'].every((token) => tokens.includes(token));
  if (!hasDate)
    throw new Error(
      'key: expected {date}, or {year}, {month} and {day}, so that no two recordings share a key',
    );
  const sample = fill(template, '2025-05-22', 'name');
  const isPlain = sample.split('/').every((segment) => /^[A-Za-z0-9_=-][A-Za-z0-9._=-]*$/.test(segment));
  if (!isPlain) throw new Error('key: expected letters, digits and . _ - = between the tokens, in folders');
  // The usual form says of every name what it is, also of one without a date.
  if (template === defaultKeyTemplate) return (fileName) => splitFileName(fileName).join('/');
  return (fileName) => {
    const [date = '', name = '', ...more] = splitFileName(fileName);
    // Exports live for days and follow no template; no date is called like their folder.
    if (date === exportsFolder && more.length === 0) return `${exportsFolder}/${name}`;
    if (!/^\d{4}-\d\d-\d\d$/.test(date) || name === '' || more.length > 0)
      throw new StorageError('bad-name', 'the file name is none that has a key: expected a date and a name');
    return fill(template, date, name);
  };
}

function fill(template: string, date: string, name: string): string {
  return template.replace(tokenPattern, (_, token: string) => parts[token]?.(date, name) ?? '');
}
