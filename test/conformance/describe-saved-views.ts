import { describe, expect, it } from 'vitest';
import type { SavedView } from '../../src/store/reviews.js';
import { testStart } from '../support/temporary-store.js';
import { createAccount } from './people.js';
import { type OpenStore, useStore } from './store-under-test.js';

export function describeSavedViews(open: OpenStore): void {
  const store = useStore(open);
  const view = (id: string, more: Partial<SavedView> = {}): SavedView => ({
    ...{ id, ownerId: 'id-a', ownerName: 'Ann', name: id, isShared: false, query: 'state=lost&q=%E9' },
    ...{ createdAt: testStart, ...more },
  });

  describe('a saved view', () => {
    it("is seen by its owner, and by everybody where it is everybody's", async () => {
      const views = [
        view('b'),
        view('c', { isShared: true }),
        view('a', { ownerId: 'id-b', isShared: true }),
      ];
      for (const each of [...views, view('d', { ownerId: 'id-b' })]) await store().savedViews.create(each);
      expect(await store().savedViews.list('id-a')).toEqual([views[2], views[0], views[1]]);
      expect((await store().savedViews.list('id-c')).map(({ id }) => id)).toEqual(['a', 'c']);
    });

    it('is changed and removed by its owner alone', async () => {
      await store().savedViews.create(view('a', { isShared: true }));
      const { savedViews } = store();
      expect(await savedViews.change('a', 'id-b', { name: 'x' })).toBeUndefined();
      expect(await savedViews.change('a', 'id-a', { name: 'x' })).toEqual(
        view('a', { name: 'x', isShared: true }),
      );
      const changed = view('a', { name: 'x', query: '' });
      expect(await savedViews.change('a', 'id-a', { isShared: false, query: '' })).toEqual(changed);
      expect(await savedViews.change('a', 'id-a', {})).toEqual(changed);
      expect(await savedViews.remove('a', 'id-b')).toBe(false);
      expect(await savedViews.remove('a', 'id-a')).toBe(true);
    });

    it('goes with the account of its owner, unless it is for everybody', async () => {
      const { id: ownerId } = await createAccount(store(), 'a');
      await store().savedViews.create(view('mine', { ownerId }));
      await store().savedViews.create(view('ours', { ownerId, isShared: true }));
      await store().accounts.remove(ownerId);
      expect((await store().savedViews.list(ownerId)).map(({ id }) => id)).toEqual(['ours']);
    });
  });
}
