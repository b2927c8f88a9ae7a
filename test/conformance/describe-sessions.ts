import { describe, expect, it } from 'vitest';
import { testStart } from '../support/temporary-store.js';
import { createAccount, newSession } from './people.js';
import { useStore, type OpenStore } from './store-under-test.js';

export function describeSessions(open: OpenStore): void {
  const store = useStore(open);

  describe('a session', () => {
    it('is found with its account until it expires', async () => {
      const account = await createAccount(store(), 'a');
      const session = newSession('h1', account.id, { userAgent: 'Firefox' });
      await store().sessions.open(session);
      expect(await store().sessions.find('h1', testStart + 999)).toEqual({ session, account });
      expect(await store().sessions.find('h1', testStart + 1_000)).toBeUndefined();
      expect(await store().sessions.find('h2', testStart)).toBeUndefined();
    });

    it('lives longer where it is used', async () => {
      const { id } = await createAccount(store(), 'a');
      await store().sessions.open(newSession('h1', id));
      await store().sessions.touch('h1', testStart + 500, testStart + 1_500);
      expect((await store().sessions.find('h1', testStart + 1_499))?.session).toMatchObject({
        createdAt: testStart,
        lastSeenAt: testStart + 500,
        expiresAt: testStart + 1_500,
      });
    });

    it('is proven when it is opened, and again each time that somebody shows who they are', async () => {
      const { id } = await createAccount(store(), 'a');
      await store().sessions.open(newSession('h1', id, { provenAt: testStart - 5 }));
      await store().sessions.open(newSession('h2', id));
      const provenAt = async (hash: string) =>
        (await store().sessions.find(hash, testStart))?.session.provenAt;
      expect(await provenAt('h1')).toBe(testStart - 5);
      await store().sessions.prove('h1', testStart + 9);
      expect([await provenAt('h1'), await provenAt('h2')]).toEqual([testStart + 9, testStart]);
    });

    it('is of no use while its account is disabled, and once it is closed', async () => {
      const { id } = await createAccount(store(), 'a');
      await store().sessions.open(newSession('h1', id));
      await store().accounts.change(id, { isDisabled: true });
      expect(await store().sessions.find('h1', testStart)).toBeUndefined();
      await store().accounts.change(id, { isDisabled: false });
      expect(await store().sessions.find('h1', testStart)).toBeDefined();
      await store().sessions.close('h1');
      expect(await store().sessions.find('h1', testStart)).toBeUndefined();
    });

    it('is listed with those of its account, and closed with them but for the one that asks', async () => {
      const { id } = await createAccount(store(), 'a');
      for (const [hash, age] of [
        ['h1', 0],
        ['h2', 2],
        ['h3', 1],
      ] as const)
        await store().sessions.open(newSession(hash, id, { createdAt: testStart + age }));
      await store().sessions.open(newSession('other', 'id-b'));
      const list = async () => (await store().sessions.listOf(id, testStart)).map(({ hash }) => hash);
      expect(await list()).toEqual(['h2', 'h3', 'h1']);
      expect(await store().sessions.closeOf(id, 'h3')).toBe(2);
      expect(await list()).toEqual(['h3']);
      expect(await store().sessions.closeOf(id)).toBe(1);
      expect(await store().sessions.listOf('id-b', testStart)).toHaveLength(1);
    });

    it('is swept once it has expired, a few at a time', async () => {
      for (const number of [1, 2, 3, 4])
        await store().sessions.open(newSession(`h${number}`, 'id-a', { expiresAt: testStart + number }));
      expect(await store().sessions.sweep(testStart + 3, 2)).toBe(2);
      expect(await store().sessions.sweep(testStart + 3, 2)).toBe(1);
      expect(await store().sessions.sweep(testStart + 3, 2)).toBe(0);
      expect((await store().sessions.listOf('id-a', testStart)).map(({ hash }) => hash)).toEqual(['h4']);
    });
  });

  describe('failures to sign in', () => {
    it('are told by their key, the latest first, each of them', async () => {
      const { signInFailures } = store();
      for (const at of [5, 3, 5, 9]) await signInFailures.record('name a', testStart + at);
      await signInFailures.record('name b', testStart);
      expect(await signInFailures.since('name a', testStart + 4)).toEqual(
        [9, 5, 5].map((at) => testStart + at),
      );
      await signInFailures.clear('name a');
      expect(await signInFailures.since('name a', 0)).toEqual([]);
      expect(await signInFailures.since('name b', 0)).toEqual([testStart]);
    });

    it('take a name of any length, and keep the latest few hundred', async () => {
      const key = 'x'.repeat(100_000);
      for (let at = 0; at < 320; at++) await store().signInFailures.record(key, testStart + at);
      const kept = await store().signInFailures.since(key, 0);
      expect(kept).toHaveLength(300);
      expect(kept.at(-1)).toBe(testStart + 20);
    });

    it('are swept by their age', async () => {
      for (const at of [1, 2, 3]) await store().signInFailures.record(`k${at}`, testStart + at);
      expect(await store().signInFailures.sweep(testStart + 3, 1)).toBe(1);
      expect(await store().signInFailures.sweep(testStart + 3, 10)).toBe(1);
      expect(await store().signInFailures.since('k3', 0)).toHaveLength(1);
    });
  });
}
