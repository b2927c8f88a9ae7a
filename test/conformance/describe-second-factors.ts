import { describe, expect, it } from 'vitest';
import { createAccount } from './people.js';
import { useStore, type OpenStore } from './store-under-test.js';

const factor = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  takenStep: 7,
  recoveryHashes: ['aa', 'bb', 'cc'],
};

export function describeSecondFactors(open: OpenStore): void {
  const store = useStore(open);

  describe('a second factor', () => {
    it('is of one account until it is taken away or the account is removed', async () => {
      const { secondFactors, accounts } = store();
      const { id, hasSecondFactor } = await createAccount(store(), 'a');
      await createAccount(store(), 'b');
      expect([hasSecondFactor, await secondFactors.find(id)]).toEqual([false, undefined]);
      expect(await secondFactors.set(id, factor)).toBe(true);
      expect(await secondFactors.find(id)).toEqual(factor);
      expect(await secondFactors.find('id-b')).toBeUndefined();
      expect((await accounts.list()).map((account) => account.hasSecondFactor)).toEqual([true, false]);
      expect((await accounts.findByName('a'))?.account.hasSecondFactor).toBe(true);
      expect(await secondFactors.set(id, undefined)).toBe(true);
      expect(await secondFactors.find(id)).toBeUndefined();
      expect((await accounts.get(id))?.hasSecondFactor).toBe(false);
      expect(await secondFactors.set('nobody', factor)).toBe(false);
    });

    it('takes each step once, and none before one that was taken', async () => {
      const { secondFactors } = store();
      const { id } = await createAccount(store(), 'a');
      expect(await secondFactors.takeStep(id, 8)).toBe(false);
      await secondFactors.set(id, factor);
      expect(await secondFactors.takeStep(id, 7)).toBe(false);
      const taken = await Promise.all([9, 9, 9].map((step) => secondFactors.takeStep(id, step)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await secondFactors.takeStep(id, 8)).toBe(false);
      expect((await secondFactors.find(id))?.takenStep).toBe(9);
    });

    it('takes each recovery code once', async () => {
      const { secondFactors } = store();
      const { id } = await createAccount(store(), 'a');
      expect(await secondFactors.takeRecoveryCode(id, 'bb')).toBe(false);
      await secondFactors.set(id, factor);
      const taken = await Promise.all(
        ['bb', 'bb', 'aa'].map((hash) => secondFactors.takeRecoveryCode(id, hash)),
      );
      expect(taken.filter(Boolean)).toHaveLength(2);
      expect(await secondFactors.takeRecoveryCode(id, 'other')).toBe(false);
      expect((await secondFactors.find(id))?.recoveryHashes).toEqual(['cc']);
    });
  });
}
