import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../domain/errors.js';
import { flushNames } from './durable-folder.js';
import { settings, type SettingName } from './settings.js';

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
