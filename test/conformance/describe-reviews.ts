import { describe, expect, it } from 'vitest';
import type { Comment } from '../../src/store/reviews.js';
import { namesOfEveryObject } from '../support/names-of-every-object.js';
import { recordOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { useStore, type OpenStore } from './store-under-test.js';

export function describeReviews(open: OpenStore): void {
  const store = useStore(open);
  const comment = (id: string, more: Partial<Comment> = {}): Comment => ({
    ...{ id, callId: '1^1', text: '好的 \u0000', authorId: 'id-a', authorName: 'Ann', createdAt: testStart },
    ...more,
  });

  describe('a comment', () => {
    it('belongs to a call that is there', async () => {
      expect(await store().comments.add(comment('c1'))).toBe(false);
      await store().take(recordOf('1^1'));
      const placed = comment('c1', { recordingId: 'r1', atSeconds: 12.5 });
      expect(await store().comments.add(placed)).toBe(true);
      expect(await store().comments.get('c1')).toEqual(placed);
      expect(await store().comments.ofCall('1^1')).toEqual([placed]);
      expect(await store().comments.ofCall('1^2')).toEqual([]);
    });

    it('stands by its place in the recording, then by its age', async () => {
      await store().take(recordOf('1^1'));
      for (const each of [
        comment('c1', { recordingId: 'r1', atSeconds: 30 }),
        comment('c2', { recordingId: 'r1', atSeconds: 9, createdAt: testStart + 2 }),
        comment('c3', { recordingId: 'r1', atSeconds: 9, createdAt: testStart + 1 }),
        comment('c4', { createdAt: testStart + 3 }),
        comment('c5'),
      ])
        await store().comments.add(each);
      const ids = (await store().comments.ofCall('1^1')).map(({ id }) => id);
      expect(ids).toEqual(['c5', 'c4', 'c3', 'c2', 'c1']);
    });

    it('is changed and removed', async () => {
      await store().take(recordOf('1^1'));
      await store().comments.add(comment('c1'));
      const changed = comment('c1', { text: 'better', editedAt: testStart + 5 });
      expect(await store().comments.change('c1', 'better', testStart + 5)).toEqual(changed);
      expect(await store().comments.get('c1')).toEqual(changed);
      expect(await store().comments.change('c2', 'x', testStart)).toBeUndefined();
      expect(await store().comments.remove('c1')).toBe(true);
      expect(await store().comments.remove('c1')).toBe(false);
    });
  });

  describe('tags', () => {
    const tag = (callId: string, name: string) => store().tags.add(callId, name, 'id-a', testStart);
    const long = 'x'.repeat(300);

    it('belong to calls that are there, once each', async () => {
      expect(await tag('1^1', 'good')).toBe('call-unknown');
      await store().take(recordOf('1^1'), recordOf('1^2'), recordOf(`${long}1`), recordOf(`${long}2`));
      for (const [callId, name] of [
        ['1^1', 'b'],
        ['1^1', 'a'],
        ['1^1', 'b'],
        [`${long}1`, '质检'],
      ] as const)
        expect(await tag(callId, name)).toBe('known');
      expect(await store().tags.ofCalls(['1^1', '1^2', `${long}1`, `${long}2`, 'nothing'])).toEqual(
        new Map([
          ['1^1', ['a', 'b']],
          [`${long}1`, ['质检']],
        ]),
      );
      expect(await store().tags.ofCalls([])).toEqual(new Map());
    });

    it('are found by ids of any characters and any length', async () => {
      const odd = [
        '\u0000'.repeat(150),
        '😀'.repeat(150),
        `${'音'.repeat(250)}\ud800`,
        '\uFFFE0041^'.padEnd(400, 'x'),
        ...namesOfEveryObject,
      ];
      await store().take(...odd.map((callId) => recordOf(callId)));
      for (const callId of odd) {
        expect(await tag(callId, 'good')).toBe('known');
        expect(await store().comments.add(comment(callId, { callId }))).toBe(true);
        expect(await store().comments.ofCall(callId)).toHaveLength(1);
      }
      expect(await store().tags.ofCalls(odd)).toEqual(new Map(odd.map((callId) => [callId, ['good']])));
      for (const callId of odd) expect(await store().tags.remove(callId, 'good')).toBe(true);
    });

    it('are told with how many calls have each', async () => {
      await store().take(recordOf('1^1'), recordOf('1^2'));
      for (const [callId, name] of [
        ['1^1', 'b'],
        ['1^2', 'b'],
        ['1^2', 'b'],
        ['1^1', 'a'],
      ] as const)
        await tag(callId, name);
      expect(await store().tags.list()).toEqual([
        { tag: 'a', calls: 1 },
        { tag: 'b', calls: 2 },
      ]);
      expect(await store().tags.remove('1^1', 'a')).toBe(true);
      expect(await store().tags.remove('1^1', 'a')).toBe(false);
      expect(await store().tags.remove('1^2', 'b')).toBe(true);
      expect(await store().tags.list()).toEqual([{ tag: 'b', calls: 1 }]);
    });
  });
}
