import { describe, expect, it } from 'vitest';
import { testStart } from '../support/temporary-store.js';
import { createAccount } from './people.js';
import { useStore, type OpenStore } from './store-under-test.js';

const hour = 3_600_000;

export function describeApiKeys(open: OpenStore): void {
  const store = useStore(open);

  describe('an API key', () => {
    it('is kept, found and listed by its hash, and removed by its id', async () => {
      const hash = 'ab'.repeat(32);
      const key = { name: 'reader', hash, scopes: ['view', 'export'], createdAt: 5 } as const;
      const { id } = await store().apiKeys.add(key);
      await store().apiKeys.add({ ...key, name: 'other', hash: 'cd'.repeat(32), createdAt: 4 });
      expect(await store().apiKeys.findByHash(hash)).toEqual({ id, ...key });
      expect((await store().apiKeys.list()).map(({ name }) => name)).toEqual(['other', 'reader']);
      expect(await store().apiKeys.remove(id)).toBe(true);
      expect(await store().apiKeys.remove(id)).toBe(false);
      expect(await store().apiKeys.findByHash(hash)).toBeUndefined();
    });

    it('tells when it was last used, to within an hour', async () => {
      const hash = 'ab'.repeat(32);
      const { id } = await store().apiKeys.add({ name: 'a', hash, scopes: [], createdAt: testStart });
      const lastUsed = async () => (await store().apiKeys.findByHash(hash))?.lastUsedAt;
      expect(await lastUsed()).toBeUndefined();
      for (const [at, told] of [
        [1, 1],
        [hour, 1],
        [hour + 1, hour + 1],
      ] as const) {
        await store().apiKeys.touch(id, testStart + at);
        expect(await lastUsed()).toBe(testStart + told);
      }
    });

    it('has an end and an owner, and is orphaned while the account is gone or disabled', async () => {
      const { apiKeys, accounts } = store();
      const made = await createAccount(store(), 'ada');
      const owner = { kind: 'account', id: made.id, name: 'ada' } as const;
      const key = { name: 'a', scopes: ['view'], createdAt: testStart, expiresAt: testStart + hour } as const;
      const hash = 'ab'.repeat(32);
      const { id } = await apiKeys.add({ ...key, hash, owner });
      const found = { id, ...key, hash, owner };
      expect(await apiKeys.findByHash(hash)).toEqual(found);
      await accounts.change(made.id, { isDisabled: true });
      expect(await apiKeys.findByHash(hash)).toEqual({ ...found, isOrphaned: true });
      await accounts.change(made.id, { isDisabled: false });
      expect(await apiKeys.list()).toEqual([found]);
      await accounts.remove(made.id);
      expect(await apiKeys.list()).toEqual([{ ...found, isOrphaned: true }]);
      const program = { kind: 'administrator-key', id: 'administrator-key', name: 'x' } as const;
      await apiKeys.add({ ...key, hash: 'cd'.repeat(32), owner: program });
      expect(await apiKeys.findByHash('cd'.repeat(32))).not.toHaveProperty('isOrphaned');
    });
  });
}
