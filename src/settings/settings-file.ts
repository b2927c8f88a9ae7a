import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../domain/errors.js';
import { type SettingName, settings } from './settings.js';
import { flushNames } from '../storage/folder-sync.js';

const names = Object.keys(settings) as SettingName[];

/** What a file holds that a variable `…_FILE` names. @throws AppError `setting-invalid`. */
export function readSettingFile(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new AppError(
      'setting-invalid',
      `${variable}_FILE names ${path}, which cannot be read: ${(error as Error).message}.`,
    );
  }
}

/** `earshot.json`: an object of settings, each by its variable's name or the short one (`port`, `dataDir`). */
export function readConfigFile(path: string): ReadonlyMap<string, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    throw new AppError('setting-invalid', `${path} cannot be read: ${(error as Error).message}.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // What the parser says quotes the text around the mistake, which may be a secret.
    throw new AppError('setting-invalid', `${path} is not JSON.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AppError('setting-invalid', `${path} holds no JSON object of settings.`);
  }
  const known = new Set<string>(names.flatMap((name) => [name, settings[name].name]));
  return new Map(
    Object.entries(value).map(([key, entry]: [string, unknown]) => {
      if (!known.has(key))
        throw new AppError('setting-unknown', `${path} holds ${key}, which is no setting of Earshot.`);
      return [key, toText(path, key, entry)];
    }),
  );
}

/** A setting's text: a text, a number, or a list of texts as one with commas. */
function toText(path: string, key: string, entry: unknown): string {
  if (typeof entry === 'string') return entry;
  if (typeof entry === 'number') return String(entry);
  if (Array.isArray(entry) && entry.every((item) => typeof item === 'string')) return entry.join(',');
  throw new AppError('setting-invalid', `${path} holds ${key}, which is no text, number or list of texts.`);
}

/** New texts of settings; undefined takes one out. */
export type SettingChanges = Readonly<Partial<Record<SettingName, string | undefined>>>;

/**
 * Changes settings in an `earshot.json`, which is made where there is none, for this user alone (mode 0600); every
 * other member stays. In one step: a start finds the old ones or the new ones.
 * @throws AppError `setting-invalid` where the file cannot be read or written.
 */
export function changeSettingsFile(path: string, changes: SettingChanges): void {
  const members = readMembers(path);
  for (const [name, text] of Object.entries(changes) as [SettingName, string | undefined][]) {
    members.delete(name);
    members.delete(settings[name].name);
    if (text !== undefined) members.set(settings[name].name, text);
  }
  try {
    const next = `${path}.new`;
    const handle = openSync(next, 'w', 0o600);
    try {
      writeSync(handle, `${JSON.stringify(Object.fromEntries(members), null, 2)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(next, path);
    flushNames(dirname(path));
  } catch (error) {
    throw new AppError('setting-invalid', `${path} cannot be written: ${(error as Error).message}.`);
  }
}

function readMembers(path: string): Map<string, unknown> {
  try {
    return new Map(Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Map();
    // What a JSON parser says quotes the text around the mistake, which may be a secret.
    throw new AppError('setting-invalid', `${path} cannot be read as JSON.`);
  }
}
