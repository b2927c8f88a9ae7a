import { describe, expect, it } from 'vitest';
import type { Passkey } from '../../src/store/accounts.js';
import { testStart } from '../support/temporary-store.js';
import { createAccount } from './people.js';
import { type OpenStore, useStore } from './store-under-test.js';

export function describePasskeys(open: OpenStore): void {
  const store = useStore(open);
  const passkeyOf = (accountId: string, id: string, more: Partial<Passkey> = {}): Passkey => ({
    ...{ id, accountId, name: 'laptop', publicKey: 'pQECAyYg', counter: 0, transports: ['internal', 'usb'] },
    ...{ createdAt: testStart },
    ...more,
  });

  describe('passkeys', () => {
    it('are of one account until they are taken away or the account is removed', async () => {
      const { passkeys, accounts } = store();
      const [a, b] = [await createAccount(store(), 'a'), await createAccount(store(), 'b')];
      await createAccount(store(), 'root', { role: 'administrator' });
      const later = passkeyOf(a.id, 'constructor', {
        createdAt: testStart + 1,
        name: '手机',
        transports: [],
      });
      for (const passkey of [later, passkeyOf(a.id, 'k1'), passkeyOf(b.id, 'k2')])
        expect(await passkeys.add(passkey, 9)).toBe(true);
      expect(await passkeys.listOf(a.id)).toEqual([passkeyOf(a.id, 'k1'), later]);
      expect(await passkeys.find('constructor')).toEqual(later);
      expect(await passkeys.find('__proto__')).toBeUndefined();
      expect([await passkeys.remove(b.id, 'k1'), await passkeys.remove(a.id, 'k1')]).toEqual([false, true]);
      expect([await passkeys.removeOf(a.id), await passkeys.removeOf(a.id)]).toEqual([1, 0]);
      await accounts.remove(b.id);
      expect(await passkeys.find('k2')).toBeUndefined();
    });

    it('are of nobody else, no more than an account may have, and of an account that exists', async () => {
      const { passkeys } = store();
      const { id } = await createAccount(store(), 'a');
      await createAccount(store(), 'b');
      const added = await Promise.all(['k1', 'k2', 'k3'].map((key) => passkeys.add(passkeyOf(id, key), 2)));
      expect(added.filter(Boolean)).toHaveLength(2);
      expect(await passkeys.add(passkeyOf('id-b', (await passkeys.listOf(id))[0]?.id ?? ''), 2)).toBe(false);
      expect(await passkeys.add(passkeyOf('nobody', 'k4'), 2)).toBe(false);
      expect(await passkeys.listOf('id-b')).toEqual([]);
    });

    it('take each challenge once, and none from before one that was taken', async () => {
      const { passkeys } = store();
      const { id } = await createAccount(store(), 'a');
      await passkeys.add(passkeyOf(id, 'k1'), 2);
      const use = (challengedAt: number, counter = 7) =>
        passkeys.use('k1', { challengedAt, counter, now: testStart + 9 });
      const taken = await Promise.all([use(testStart), use(testStart), use(testStart)]);
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect([await use(testStart - 1), await use(testStart + 1, 8)]).toEqual([false, true]);
      expect(await passkeys.find('k1')).toMatchObject({ counter: 8, lastUsedAt: testStart + 9 });
      expect(await passkeys.use('none', { challengedAt: testStart, counter: 0, now: testStart })).toBe(false);
    });
  });
}
