import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../../test/support/temporary-folder.js';
import { readConfig } from '../config.js';
import { openDataDir } from '../open-data-dir.js';
import { hashOfKey } from '../secrets.js';
import { addKey, listKeys, removeKey } from './keys.js';

describe('API keys', () => {
  it('are told once, kept as their hash, listed without it, and gone when they are removed', async () => {
    const config = readConfig({ dataDir: join(makeTemporaryFolder(), 'data') }, {}, makeTemporaryFolder());
    const reader = await addKey(config, 'reader');
    const writer = await addKey(config, 'writer');
    expect(reader.key).toMatch(/^[\w-]{43}$/);
    expect(reader.key).not.toBe(writer.key);
    const listed = await listKeys(config);
    expect(listed.map(({ id, name }) => [id, name]).toSorted()).toEqual(
      [
        [reader.id, 'reader'],
        [writer.id, 'writer'],
      ].toSorted(),
    );
    for (const { key } of [reader, writer]) {
      expect(JSON.stringify(listed)).not.toContain(key);
      expect(JSON.stringify(listed)).not.toContain(hashOfKey(key));
    }
    const data = openDataDir(config.dataDir);
    expect(await data.apiKeys.findByHash(hashOfKey(reader.key))).toMatchObject({ name: 'reader' });
    expect(await data.apiKeys.findByHash(hashOfKey('another'))).toBeUndefined();
    data.close();
    expect(await removeKey(config, reader.id)).toBe(true);
    expect(await removeKey(config, reader.id)).toBe(false);
    expect((await listKeys(config)).map(({ name }) => name)).toEqual(['writer']);
  });
});
