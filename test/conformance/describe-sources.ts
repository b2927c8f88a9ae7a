import { describe, expect, it } from 'vitest';
import { testStart } from '../support/temporary-store.js';
import { useStore, type OpenStore } from './store-under-test.js';

const hour = 3_600_000;

export function describeSources(open: OpenStore): void {
  const store = useStore(open);
  const create = (name: string, token = `token-${name}`, now = testStart) =>
    store().sources.create({ id: `id-${name}`, name, token, now });

  describe('a source', () => {
    it('is made with a name and a token of its own', async () => {
      const made = { id: 'id-a', name: 'a', token: 'token-a', createdAt: testStart };
      expect(await create('a')).toEqual(made);
      expect(await store().sources.create({ id: 'id-2', name: 'a', token: 't', now: 1 })).toBe('name-taken');
      expect(await create('b', 'token-a')).toBe('token-taken');
      expect(await create('default')).toBe('name-taken');
      await create('c', 'token-c', testStart - 1);
      expect((await store().sources.list()).map(({ name }) => name)).toEqual(['c', 'a']);
      expect((await store().sources.list())[1]).toEqual(made);
    });

    it('gets another token, and the one before holds a while', async () => {
      await create('a');
      const rotated = {
        ...{ id: 'id-a', name: 'a', token: 'new', createdAt: testStart },
        ...{ previousToken: 'token-a', previousUntil: testStart + hour },
      };
      expect(await store().sources.rotate('id-a', 'new', testStart + hour)).toEqual(rotated);
      expect(await store().sources.list()).toEqual([rotated]);
      expect(await create('b', 'token-a')).toBe('token-taken');
      expect(await store().sources.rotate('nothing', 'x', 1)).toBeUndefined();
      expect(await store().sources.remove('id-a')).toBe(true);
      expect(await store().sources.remove('id-a')).toBe(false);
    });

    it('is counted by its name, by many at a time', async () => {
      const counts = (at: number) => [
        { name: 'default', pushes: 2, lastPushAt: testStart + at },
        { name: 'a', pushes: 1, lastPushAt: testStart - at },
      ];
      await Promise.all(
        [1, 2, 3, 4, 5, 6].map((at) =>
          store().sources.count(at % 2 === 0 ? counts(at) : counts(at).reverse()),
        ),
      );
      expect(await store().sources.counts()).toEqual([
        { name: 'a', pushes: 6, lastPushAt: testStart - 1 },
        { name: 'default', pushes: 12, lastPushAt: testStart + 6 },
      ]);
    });

    it('is believed to have pushed last when it did, not when a clock that was wrong said so', async () => {
      const days = 8 * 24 * 3_600_000;
      const count = (lastPushAt: number) => store().sources.count([{ name: 'a', pushes: 1, lastPushAt }]);
      await count(testStart + days);
      await count(testStart);
      await count(testStart - 1_000);
      expect(await store().sources.counts()).toEqual([{ name: 'a', pushes: 3, lastPushAt: testStart }]);
    });
  });
}
