import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../test/support/temporary-folder.js';
import { changeSettingsFile } from './settings-file.js';

it('changes what is named, by either name, and keeps the rest for this user alone', () => {
  const path = join(makeTemporaryFolder(), 'earshot.json');
  const before = { databaseUrl: 'old', EARSHOT_INBOX: 'both', port: 1, recordingHosts: ['a', 'b'] };
  writeFileSync(path, JSON.stringify(before), { mode: 0o644 });
  changeSettingsFile(path, { databaseUrl: 'postgres://new/db', inbox: undefined });
  const after = JSON.parse(readFileSync(path, 'utf8')) as unknown;
  expect(after).toEqual({
    port: 1,
    recordingHosts: ['a', 'b'],
    EARSHOT_DATABASE_URL: 'postgres://new/db',
  });
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('makes the file where there is none', () => {
  const path = join(makeTemporaryFolder(), 'earshot.json');
  changeSettingsFile(path, { storageUrl: 'file:///there' });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ EARSHOT_STORAGE_URL: 'file:///there' });
});

it('leaves a file alone that it cannot read, and repeats nothing of it', () => {
  const path = join(makeTemporaryFolder(), 'earshot.json');
  writeFileSync(path, '{"apiKey": "very-secret" oops');
  const change = () => {
    changeSettingsFile(path, { storageUrl: undefined });
  };
  expect(change).toThrow(/cannot be read/);
  expect(change).not.toThrow(/secret/);
  expect(readFileSync(path, 'utf8')).toContain('oops');
});
