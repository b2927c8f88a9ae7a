import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../test/support/temporary-folder.js';
import { lockDataDir } from '../app/data-dir.js';
import { hashOfKey, keepSecret, makeSecret, readPushToken, readSecretIfKept } from './secrets.js';

describe('secrets', () => {
  it('may have been put there by hand', () => {
    const dataDir = makeTemporaryFolder();
    writeFileSync(join(dataDir, 'push-token'), '  by-hand-0123456789\r\n');
    expect(readPushToken({ dataDir, pushToken: undefined })).toBe('by-hand-0123456789');
  });

  it('are made by no command that only reads them', () => {
    const dataDir = makeTemporaryFolder();
    expect(() => readPushToken({ dataDir, pushToken: undefined })).toThrow(/no server has kept one/);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it.each(['', 'short', 'with space-0123456'])(
    'are not taken from a file that holds %j, nor is it repeated',
    (text) => {
      const dataDir = makeTemporaryFolder();
      writeFileSync(join(dataDir, 'api-key'), text);
      const load = () => readSecretIfKept(join(dataDir, 'api-key'));
      expect(load).toThrow(expect.objectContaining({ code: 'data-dir-unusable' }));
      expect(load).toThrow(/api-key holds no secret/);
      if (text !== '') expect(load).not.toThrow(text);
    },
  );

  it('cannot be kept in a folder that is a file', () => {
    const file = join(makeTemporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => {
      keepSecret(join(file, 'api-key'), makeSecret());
    }).toThrow(expect.objectContaining({ code: 'data-dir-unusable' }));
  });

  it('are different each time, and known by their hash', () => {
    expect(makeSecret()).not.toBe(makeSecret());
    expect(hashOfKey('key')).toBe('2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683');
  });
});

describe('the lock of a data folder', () => {
  it('is held by one at a time, and free again when it is released', () => {
    const dataDir = join(makeTemporaryFolder(), 'data');
    const release = lockDataDir(dataDir);
    const second = () => lockDataDir(dataDir);
    expect(second).toThrow(expect.objectContaining({ code: 'data-dir-in-use' }));
    expect(second).toThrow(dataDir);
    release();
    lockDataDir(dataDir)();
  });

  it('names a folder that cannot be made', () => {
    const file = join(makeTemporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => lockDataDir(file)).toThrow(expect.objectContaining({ code: 'data-dir-unusable' }));
  });
});
