import { describe, expect, it } from 'vitest';
import type { NewQuarantineItem } from '../../src/store/journal.js';
import type { QuarantineFilter } from '../../src/store/quarantine.js';
import { makeMessage, recordOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { useStore, type OpenStore } from './store-under-test.js';

function item(
  pushId: number,
  itemIndex: number,
  body: string | Uint8Array,
  more: object = {},
): NewQuarantineItem {
  return {
    pushId,
    itemIndex,
    receivedAt: testStart + pushId,
    source: 'default',
    reason: 'not-json',
    body: typeof body === 'string' ? Buffer.from(body) : body,
    ...more,
  };
}

export function describeQuarantine(open: OpenStore): void {
  const store = useStore(open);
  const list = (query: QuarantineFilter & { limit: number; after?: string } = { limit: 100 }) =>
    store().quarantine.list(query);
  const newestId = async () => (await list()).items[0]?.id ?? '';

  describe('quarantine', () => {
    it('keeps exactly what came, and says what is wrong with it', async () => {
      const bytes = Buffer.from([0, 0xff, 0x1f, 0x8b, 0x0a]);
      await store().append([], [item(5, -1, bytes, { pathType: 'AlicomAgentCallNote' })]);
      const found = await store().quarantine.get(await newestId());
      expect(found).toMatchObject({ itemIndex: -1, pathType: 'AlicomAgentCallNote' });
      expect(found?.item).toMatchObject({
        receivedAt: testStart + 5,
        source: 'default',
        reason: 'not-json',
        bytes: 5,
      });
      expect(Buffer.from(found?.body ?? [])).toEqual(bytes);
    });

    it('shows the first 200 characters, never half of one', async () => {
      await store().append([], [item(1, 0, '音'.repeat(1_000)), item(1, 1, 'short')]);
      const { items } = await list();
      expect(items.map(({ preview }) => preview)).toEqual(['short', '音'.repeat(200)]);
      expect(items.map(({ bytes }) => bytes)).toEqual([5, 3_000]);
    });

    it('lists the newest first, every item once over pages of any size', async () => {
      await store().append(
        [],
        Array.from({ length: 11 }, (_, index) => item(1, index, `${index}`)),
      );
      for (const limit of [1, 4, 11, 50]) {
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const page = await list(after === undefined ? { limit } : { limit, after });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          seen.push(...page.items.map(({ preview }) => preview));
          after = page.next;
        } while (after !== undefined);
        expect(seen).toEqual(['10', '9', '8', '7', '6', '5', '4', '3', '2', '1', '0']);
      }
    });

    it('takes one place of one push once', async () => {
      expect(await store().append([], [item(1, 0, 'a'), item(1, 0, 'a')])).toMatchObject({ quarantined: 1 });
      expect(await store().append([], [item(1, 0, 'a'), item(2, 0, 'a')])).toMatchObject({ quarantined: 1 });
      expect(await store().quarantine.count()).toBe(2);
    });

    it('deletes for good: the item is gone, and sorting its push again does not bring it back', async () => {
      await store().append([], [item(1, 0, 'a'), item(1, 1, 'b')]);
      const id = await newestId();
      expect(await store().quarantineWriter.discard(id)).toBe(true);
      expect(await store().quarantineWriter.discard(id)).toBe(false);
      expect(await store().quarantine.get(id)).toBeUndefined();
      expect(await store().append([], [item(1, 1, 'b')])).toMatchObject({ quarantined: 0 });
      expect((await list()).items.map(({ preview }) => preview)).toEqual(['a']);
      expect(await store().quarantine.count()).toBe(1);
    });

    it('lists, counts and deletes what a filter chooses, the oldest first', async () => {
      await store().append(
        [],
        [
          item(1, 0, 'aa', { reason: 'not-utf-8' }),
          item(2, 0, 'bb', { source: "it's" }),
          item(3, 0, 'cc', { reason: 'not-utf-8', source: "it's" }),
          item(4, 0, 'dd'),
          item(5, 0, 'ee'),
        ],
      );
      const shown = async (filter: QuarantineFilter) =>
        (await list({ limit: 100, ...filter })).items.map(({ preview }) => preview).join(' ');
      expect(await shown({ reason: 'not-utf-8' })).toBe('cc aa');
      expect(await shown({ source: "it's" })).toBe('cc bb');
      expect(await shown({ from: testStart + 2, to: testStart + 4 })).toBe('cc bb');
      expect(await shown({ reason: 'not-json', source: 'default', from: testStart + 5 })).toBe('ee');
      const first = await list({ limit: 1, reason: 'not-utf-8' });
      const second = await list({ limit: 1, reason: 'not-utf-8', after: first.next ?? '' });
      expect([...first.items, ...second.items].map(({ preview }) => preview)).toEqual(['cc', 'aa']);
      expect(second.next).toBeUndefined();

      expect(await store().quarantine.kinds({})).toEqual([
        { source: 'default', reason: 'not-json', count: 2, bytes: 4 },
        { source: 'default', reason: 'not-utf-8', count: 1, bytes: 2 },
        { source: "it's", reason: 'not-json', count: 1, bytes: 2 },
        { source: "it's", reason: 'not-utf-8', count: 1, bytes: 2 },
      ]);
      expect(await store().quarantine.kinds({ from: testStart + 5 })).toMatchObject([{ count: 1 }]);
      expect(await store().quarantine.kinds({ source: 'nobody' })).toEqual([]);

      const discard = (filter: QuarantineFilter, limit: number) =>
        store().quarantineWriter.discardChosen(filter, limit);
      expect(await discard({ reason: 'not-json' }, 2)).toEqual({ count: 2, bytes: 4 });
      expect(await shown({})).toBe('ee cc aa');
      expect(await discard({ reason: 'not-json' }, 2)).toEqual({ count: 1, bytes: 2 });
      expect(await discard({ reason: 'not-json' }, 2)).toEqual({ count: 0, bytes: 0 });
      expect(await store().append([], [item(4, 0, 'dd')])).toMatchObject({ quarantined: 0 });
      expect(await discard({}, 100)).toEqual({ count: 2, bytes: 4 });
      expect(await store().quarantine.count()).toBe(0);
    });

    it('gives up an item to the journal in one step', async () => {
      await store().append([recordOf('0^0')], [item(1, 0, 'a')]);
      const id = await newestId();
      const messages = [makeMessage(recordOf('0^0')), makeMessage(recordOf('1^1'))];
      expect(await store().quarantineWriter.resolve(id, messages)).toEqual({
        appended: 1,
        duplicates: 1,
        quarantined: 0,
      });
      expect((await store().journal.read(0, 10)).map(({ callId }) => callId)).toEqual(['0^0', '1^1']);
      expect(await store().quarantine.count()).toBe(0);
    });

    it('journals nothing for an item that is not there any more', async () => {
      await store().append([], [item(1, 0, 'a')]);
      const id = await newestId();
      await store().quarantineWriter.discard(id);
      for (const unknown of [id, 'q999', 'q0', 'q-1', '1', '', `q${'9'.repeat(30)}`]) {
        expect(
          await store().quarantineWriter.resolve(unknown, [makeMessage(recordOf('1^1'))]),
        ).toBeUndefined();
        expect(await store().quarantineWriter.discard(unknown)).toBe(false);
        expect(await store().quarantine.get(unknown)).toBeUndefined();
      }
      expect(await store().journal.lastSeq()).toBe(0);
    });
  });
}
