import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../../test/support/temporary-folder.js';
import { readConfig } from '../../settings/config.js';
import { openEmbeddedData } from '../open-data.js';
import { hashOfKey } from '../../sources/secrets.js';
import { addKey, listKeys, removeKey, rotateLinks } from './keys.js';

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
    const data = openEmbeddedData(config.dataDir);
    expect(await data.apiKeys.findByHash(hashOfKey(reader.key))).toMatchObject({ name: 'reader' });
    expect(await data.apiKeys.findByHash(hashOfKey('another'))).toBeUndefined();
    await data.close();
    expect(await removeKey(config, reader.id)).toBe(true);
    expect(await removeKey(config, reader.id)).toBe(false);
    expect((await listKeys(config)).map(({ name }) => name)).toEqual(['writer']);
  });
});

describe('keys of signed links', () => {
  const dayMs = 24 * 60 * 60 * 1000;

  it('follow each other; those before verify until their last link has expired, unless they are revoked', async () => {
    const settings = { dataDir: join(makeTemporaryFolder(), 'data'), linkDays: '2' };
    const config = readConfig(settings, {}, makeTemporaryFolder());
    await openEmbeddedData(config.dataDir, { mayCreate: true }).close();
    const keysOf = async () => {
      const data = openEmbeddedData(config.dataDir);
      const keys = await data.linkKeys.list();
      await data.close();
      return keys;
    };
    const first = await rotateLinks(config, false);
    const second = await rotateLinks(config, false);
    const [one, other] = (await keysOf()).toSorted((key) => (key.id === first ? -1 : 1));
    expect([one?.id, other?.id, other?.expiresAt]).toEqual([first, second, undefined]);
    expect(one?.expiresAt).toBeGreaterThanOrEqual((other?.createdAt ?? Infinity) + 2 * dayMs);

    const third = await rotateLinks(config, true);
    for (const { id, expiresAt = Infinity } of await keysOf()) {
      expect(expiresAt <= Date.now()).toBe(id !== third);
    }
  });
});
