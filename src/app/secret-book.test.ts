import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../test/support/temporary-folder.js';
import { until } from '../../test/support/until.js';
import { StoreError } from '../store/store-error.js';
import { openSecretBook } from './secret-book.js';
import { hashOfKey } from './secrets.js';

const log = pino({ level: 'silent' });
const nothingSet = { pushToken: undefined, apiKey: undefined };
const away = () => Promise.reject(new StoreError('unreachable', 'nobody at db:5432'));

/** A store that several share; one that is away answers nothing, and `ready` waits. */
function openShared({ isAway = false } = {}) {
  const kept = new Map<string, string>();
  const obtain = (name: string, candidate: string): Promise<string> => {
    if (!kept.has(name)) kept.set(name, candidate);
    return Promise.resolve(kept.get(name) ?? candidate);
  };
  let come = (): void => undefined;
  const ready = isAway ? new Promise<void>((resolve) => (come = resolve)) : Promise.resolve();
  const store = { shared: { secrets: { obtain: isAway ? away : obtain } }, ready, tried: Promise.resolve() };
  const comeBack = (): void => {
    store.shared.secrets.obtain = obtain;
    come();
  };
  return { store, kept, comeBack };
}

describe('secrets that processes share', () => {
  it('are those of whoever came first, with a copy in each data folder', async () => {
    const { store } = openShared();
    const [one, other] = [makeTemporaryFolder(), makeTemporaryFolder()];
    const first = await openSecretBook({ dataDir: one, ...nothingSet }, store, log);
    const second = await openSecretBook({ dataDir: other, ...nothingSet }, store, log);
    expect(second.secrets.pushToken).toBe(first.secrets.pushToken);
    expect(second.secrets.apiKey).toBe(first.secrets.apiKey);
    expect(readFileSync(join(other, 'api-key'), 'utf8').trim()).toBe(first.secrets.apiKey);
    expect(statSync(join(other, 'push-token')).mode & 0o777).toBe(0o600);
  });

  it('are those of the settings where they are set, and the store hears nothing of them', async () => {
    const { store, kept } = openShared();
    const set = { pushToken: 'push-token-0123456', apiKey: 'api-key-0123456789' };
    const book = await openSecretBook({ dataDir: makeTemporaryFolder(), ...set }, store, log);
    expect(book.secrets).toEqual(set);
    expect(kept.size).toBe(0);
  });

  it('are taken from the copy while the store is away, and from the store once it knows better', async () => {
    const { store, kept, comeBack } = openShared({ isAway: true });
    const dataDir = makeTemporaryFolder();
    writeFileSync(join(dataDir, 'push-token'), 'token-of-long-ago-0\n');
    writeFileSync(join(dataDir, 'api-key'), 'key-of-all-processes\n');
    const book = await openSecretBook({ dataDir, ...nothingSet }, store, log);
    expect(book.secrets.pushToken).toBe('token-of-long-ago-0');
    kept.set('push-token', 'token-of-all-processes');
    comeBack();
    await until(() => book.secrets.pushToken === 'token-of-all-processes', {
      what: 'it follows',
    });
    expect(book.keyHash).toBe(hashOfKey('key-of-all-processes'));
    expect(readFileSync(join(dataDir, 'push-token'), 'utf8').trim()).toBe('token-of-all-processes');
  });

  it('are missed with a sentence where there is no copy and no store', async () => {
    const { store } = openShared({ isAway: true });
    const opening = openSecretBook({ dataDir: makeTemporaryFolder(), ...nothingSet }, store, log);
    await expect(opening).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringMatching(/nobody at db:5432.*Set EARSHOT_PUSH_TOKEN/) as string,
    });
  });
});
