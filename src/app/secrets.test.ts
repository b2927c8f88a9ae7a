import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../test/support/temporary-folder.js';
import { lockDataDir } from './data-dir-lock.js';
import { hashOfKey, loadSecrets, makeSecret } from './secrets.js';

const none = { pushToken: undefined, apiKey: undefined };

describe('secrets', () => {
  it('are made once, for the owner only, and are the same ever after', () => {
    const dataDir = join(makeTemporaryFolder(), 'deep', 'data');
    const made = loadSecrets({ dataDir, ...none });
    for (const [file, secret] of [
      ['push-token', made.pushToken],
      ['api-key', made.apiKey],
    ] as const) {
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(dataDir, file), 'utf8')).toBe(`${secret}\n`);
      expect(secret).toMatch(/^[\w-]{43}$/);
    }
    expect(made.pushToken).not.toBe(made.apiKey);
    expect(made.apiKeyFile).toBe(join(dataDir, 'api-key'));
    expect(loadSecrets({ dataDir, ...none })).toEqual(made);
  });

  it('are those of the settings where they are set, and nothing is written then', () => {
    const dataDir = makeTemporaryFolder();
    const set = { pushToken: 'push-token-0123456', apiKey: 'api-key-0123456789' };
    expect(loadSecrets({ dataDir, ...set })).toEqual(set);
    expect(() => statSync(join(dataDir, 'api-key'))).toThrow('ENOENT');
  });

  it('may have been put there by hand', () => {
    const dataDir = makeTemporaryFolder();
    writeFileSync(join(dataDir, 'push-token'), '  by-hand-0123456789\r\n');
    expect(loadSecrets({ dataDir, ...none }).pushToken).toBe('by-hand-0123456789');
  });

  it.each(['', 'short', 'with space-0123456'])(
    'are not taken from a file that holds %j, nor is it repeated',
    (text) => {
      const dataDir = makeTemporaryFolder();
      writeFileSync(join(dataDir, 'api-key'), text);
      const load = () => loadSecrets({ dataDir, ...none });
      expect(load).toThrow(expect.objectContaining({ code: 'data-dir-unusable' }));
      expect(load).toThrow(/api-key holds no secret/);
      if (text !== '') expect(load).not.toThrow(text);
    },
  );

  it('cannot be kept in a folder that is a file', () => {
    const file = join(makeTemporaryFolder(), 'file');
    writeFileSync(file, '');
    expect(() => loadSecrets({ dataDir: file, ...none })).toThrow(
      expect.objectContaining({ code: 'data-dir-unusable' }),
    );
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
