import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTemporaryStore, testStart, type TemporaryStore } from '../../test/support/temporary-store.js';
import { createLinkKey, replaceLinkKeys, LinkKeyring } from './link-keyring.js';

const dayMs = 24 * 60 * 60 * 1000;
const linkMs = 7 * dayMs;

let store: TemporaryStore;
let now: number;
let made: number;
beforeEach(() => {
  store = openTemporaryStore();
  now = testStart;
  made = 0;
});
afterEach(() => {
  store.close();
});

const randomBytes = (count: number) => Buffer.alloc(count, ++made);

function open({ follows = false } = {}): LinkKeyring {
  return new LinkKeyring({
    linkKeys: store.linkKeys,
    ...(follows ? {} : { writer: { linkKeys: store.linkKeysWriter, randomBytes } }),
    publicUrl: () => 'http://earshot.example',
    linkMs,
    clock: () => now,
  });
}

async function mint(keyring: LinkKeyring, id = 'r1'): Promise<string> {
  return (await keyring.minter())(id).split('?', 2)[1] ?? '';
}

const keyOf = (query: string) => /KeyId=(\w+)/.exec(query)?.[1];

describe('the keyring', () => {
  it('makes the first key by itself, once, and mints links that live as long as they should', async () => {
    const keyring = open();
    const query = await mint(keyring);
    expect(await mint(keyring)).toBe(query);
    expect(await store.linkKeys.list()).toHaveLength(1);
    now = testStart + linkMs - 1;
    expect(await keyring.judge('r1', query)).toBe('valid');
    expect(await keyring.judge('r2', query)).toBe('does-not-match');
    now++;
    expect(await keyring.judge('r1', query)).toBe('expired');
  });

  it('follows a month-old key by another, and takes links of the old one until the last has expired', async () => {
    const keyring = open();
    const first = await mint(keyring);
    now += 30 * dayMs - 1;
    await keyring.step();
    const last = await mint(keyring);
    expect(keyOf(last)).toBe(keyOf(first));
    now++;
    await keyring.step();
    expect(keyOf(await mint(keyring))).not.toBe(keyOf(last));
    now += linkMs - 1_000 - 1;
    expect(await keyring.judge('r1', last)).toBe('valid');
    const [, old] = await store.linkKeys.list();
    expect(old?.expiresAt).toBeGreaterThan(testStart + 30 * dayMs + linkMs);
  });

  it('takes over what others did, at its next step', async () => {
    const [one, other] = [open(), open({ follows: true })];
    const before = await mint(one);
    expect(await other.judge('r1', before)).toBe('valid');
    const key = createLinkKey(now, randomBytes);
    await replaceLinkKeys(store.linkKeysWriter, key);
    await other.step();
    expect(await other.judge('r1', before)).toBe('does-not-match');
    expect(keyOf(await mint(other))).toBe(key.id);
  });

  it('looks anew, once a second at most, for the key of a link that it does not know', async () => {
    let asked = 0;
    const linkKeys = {
      list: () => {
        asked++;
        return store.linkKeys.list();
      },
    };
    const other = new LinkKeyring({ linkKeys, publicUrl: () => '', linkMs, clock: () => now });
    const query = await mint(open());
    expect(await other.judge('r1', query)).toBe('valid');
    for (let attempt = 0; attempt < 10; attempt++) await other.judge('r1', 'Expires=1&KeyId=k&Signature=x');
    expect(asked).toBe(1);
    now += 1_000;
    for (let attempt = 0; attempt < 10; attempt++) {
      expect(await other.judge('r9', query)).toBe('does-not-match');
    }
    expect(asked).toBe(2);
  });

  it('leaves making keys to another where it may not, and says that there is none', async () => {
    const follower = open({ follows: true });
    await expect(follower.minter()).rejects.toThrow('no key');
    await open().step();
    expect(await mint(follower)).toMatch(/^Expires=/);
  });
});
