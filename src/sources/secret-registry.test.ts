import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../test/support/temporary-folder.js';
import { until } from '../../test/support/until.js';
import type { LinkKey } from '../store/link-keys.js';
import { StoreError } from '../store/store-error.js';
import { openSecretRegistry } from './secret-registry.js';
import { hashOfKey } from './secrets.js';

const log = pino({ level: 'silent' });
const nothingSet = { pushToken: undefined, apiKey: undefined };
const away = () => Promise.reject(new StoreError('unreachable', 'nobody at db:5432'));

const linkKey: LinkKey = { id: 'a', secret: 'x', createdAt: 0 };

interface StoreOptions {
  readonly isAway?: boolean;
  /** A server has run on it. */
  readonly wasUsed?: boolean;
  /** The default source's, once it was rotated. */
  readonly rotated?: string;
}

function openEmbedded({ wasUsed = false, rotated }: StoreOptions = {}) {
  const source = { id: 'default', name: 'default', token: rotated ?? '', createdAt: 0 };
  return {
    linkKeys: { list: () => Promise.resolve(wasUsed ? [linkKey] : []) },
    sources: { list: () => Promise.resolve(rotated === undefined ? [] : [source]) },
    ready: Promise.resolve(),
    tried: Promise.resolve(),
  };
}

/** A store that several share; one that is away answers nothing, and `ready` waits. */
function openShared(options: StoreOptions = {}) {
  const { isAway = false } = options;
  const kept = new Map<string, string>();
  const obtain = (name: string, candidate: string): Promise<string> => {
    if (!kept.has(name)) kept.set(name, candidate);
    return Promise.resolve(kept.get(name) ?? candidate);
  };
  let come = (): void => undefined;
  const ready = isAway ? new Promise<void>((resolve) => (come = resolve)) : Promise.resolve();
  const secrets = {
    obtain: isAway ? away : obtain,
    find: (name: string) => (isAway ? away() : Promise.resolve(kept.get(name))),
  };
  const store = { ...openEmbedded(options), shared: { secrets }, ready };
  const comeBack = (): void => {
    secrets.obtain = obtain;
    come();
  };
  return { store, kept, comeBack };
}

describe('secrets of one process', () => {
  it('are made once, for the owner only, and are the same ever after', async () => {
    const dataDir = makeTemporaryFolder();
    const { secrets } = await openSecretRegistry({ dataDir, ...nothingSet }, openEmbedded(), log);
    for (const [file, secret] of [
      ['push-token', secrets.pushToken],
      ['api-key', secrets.apiKey],
    ] as const) {
      expect(statSync(join(dataDir, file)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(dataDir, file), 'utf8')).toBe(`${secret}\n`);
      expect(secret).toMatch(/^[\w-]{43}$/);
    }
    expect(secrets.pushToken).not.toBe(secrets.apiKey);
    expect(secrets.apiKeyFile).toBe(join(dataDir, 'api-key'));
    const again = await openSecretRegistry({ dataDir, ...nothingSet }, openEmbedded({ wasUsed: true }), log);
    expect(again.secrets).toEqual(secrets);
  });

  it('are those of the settings where they are set, and nothing is written then', async () => {
    const dataDir = makeTemporaryFolder();
    const set = { pushToken: 'push-token-0123456', apiKey: 'api-key-0123456789' };
    const { secrets } = await openSecretRegistry({ dataDir, ...set }, openEmbedded({ wasUsed: true }), log);
    expect(secrets).toEqual(set);
    expect(readdirSync(dataDir)).toEqual([]);
  });
});

describe('a secret that must have been there', () => {
  const set = { pushToken: 'push-token-0123456', apiKey: 'api-key-0123456789' };
  const stores = {
    'an embedded store': () => openEmbedded({ wasUsed: true }),
    'a shared store that settings told until now': () => openShared({ wasUsed: true }).store,
  };

  for (const [what, open] of Object.entries(stores)) {
    it.each([
      ['push-token', { ...set, pushToken: undefined }, 'EARSHOT_PUSH_TOKEN'],
      ['api-key', { ...set, apiKey: undefined }, 'EARSHOT_API_KEY'],
    ])(`is not made anew for ${what}: %s`, async (file, settings, setting) => {
      const dataDir = makeTemporaryFolder();
      await expect(openSecretRegistry({ dataDir, ...settings }, open(), log)).rejects.toMatchObject({
        code: 'secret-missing',
        message: expect.stringMatching(new RegExp(`${join(dataDir, file)} nor ${setting}`)) as string,
      });
      expect(readdirSync(dataDir)).toEqual([]);
      writeFileSync(join(dataDir, file), 'put-there-by-hand\n');
      const { secrets } = await openSecretRegistry({ dataDir, ...settings }, open(), log);
      expect(Object.values(secrets)).toContain('put-there-by-hand');
    });
  }

  it('is taken from the store where it was rotated', async () => {
    const dataDir = makeTemporaryFolder();
    const store = openEmbedded({ wasUsed: true, rotated: 'token-that-was-rotated' });
    const { secrets } = await openSecretRegistry({ dataDir, ...set, pushToken: undefined }, store, log);
    expect(secrets.pushToken).toBe('token-that-was-rotated');
    expect(readFileSync(join(dataDir, 'push-token'), 'utf8')).toBe('token-that-was-rotated\n');
  });

  it('is taken from a shared store that keeps it', async () => {
    const { store, kept } = openShared({ wasUsed: true });
    kept.set('push-token', 'token-of-all-processes').set('api-key', 'key-of-all-processes');
    const { secrets } = await openSecretRegistry(
      { dataDir: makeTemporaryFolder(), ...nothingSet },
      store,
      log,
    );
    expect(secrets).toMatchObject({ pushToken: 'token-of-all-processes', apiKey: 'key-of-all-processes' });
  });
});

describe('secrets that processes share', () => {
  it('are those of whoever came first, with a copy in each data folder', async () => {
    const { store } = openShared();
    const [one, other] = [makeTemporaryFolder(), makeTemporaryFolder()];
    const first = await openSecretRegistry({ dataDir: one, ...nothingSet }, store, log);
    const second = await openSecretRegistry({ dataDir: other, ...nothingSet }, store, log);
    expect(second.secrets.pushToken).toBe(first.secrets.pushToken);
    expect(second.secrets.apiKey).toBe(first.secrets.apiKey);
    expect(readFileSync(join(other, 'api-key'), 'utf8').trim()).toBe(first.secrets.apiKey);
    expect(statSync(join(other, 'push-token')).mode & 0o777).toBe(0o600);
  });

  it('are those of the settings where they are set, and the store hears nothing of them', async () => {
    const { store, kept } = openShared();
    const set = { pushToken: 'push-token-0123456', apiKey: 'api-key-0123456789' };
    const registry = await openSecretRegistry({ dataDir: makeTemporaryFolder(), ...set }, store, log);
    expect(registry.secrets).toEqual(set);
    expect(kept.size).toBe(0);
  });

  it('are taken from the copy while the store is away, and from the store once it knows better', async () => {
    const { store, kept, comeBack } = openShared({ isAway: true });
    const dataDir = makeTemporaryFolder();
    writeFileSync(join(dataDir, 'push-token'), 'token-of-long-ago-0\n');
    writeFileSync(join(dataDir, 'api-key'), 'key-of-all-processes\n');
    const registry = await openSecretRegistry({ dataDir, ...nothingSet }, store, log);
    expect(registry.secrets.pushToken).toBe('token-of-long-ago-0');
    kept.set('push-token', 'token-of-all-processes');
    comeBack();
    await until(() => registry.secrets.pushToken === 'token-of-all-processes', {
      what: 'it follows',
    });
    expect(registry.keyHash).toBe(hashOfKey('key-of-all-processes'));
    expect(readFileSync(join(dataDir, 'push-token'), 'utf8').trim()).toBe('token-of-all-processes');
  });

  it('are missed with a sentence where there is no copy and no store', async () => {
    const { store } = openShared({ isAway: true });
    const opening = openSecretRegistry({ dataDir: makeTemporaryFolder(), ...nothingSet }, store, log);
    await expect(opening).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringMatching(/nobody at db:5432.*Set EARSHOT_PUSH_TOKEN/) as string,
    });
  });
});
