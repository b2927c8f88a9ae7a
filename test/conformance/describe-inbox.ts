import { describe, expect, it } from 'vitest';
import type { ReceivedPush, SourceChoice } from '../../src/store/inbox.js';
import { testStart } from '../support/temporary-store.js';
import { useStore, type OpenStore } from './store-under-test.js';

function push(body: string | Uint8Array, more: Partial<ReceivedPush> = {}): ReceivedPush {
  return {
    receivedAt: testStart,
    source: 'default',
    remoteAddress: '127.0.0.1',
    body: typeof body === 'string' ? Buffer.from(body) : body,
    ...more,
  };
}

export function describeInbox(open: OpenStore): void {
  const store = useStore(open);
  const read = (after = 0, maxPushes = 100, maxBytes = 1_000_000) =>
    store().inboxReader.read(after, maxPushes, maxBytes);
  const bodies = async (...args: Parameters<typeof read>) =>
    (await read(...args)).map(({ body }) => Buffer.from(body).toString());

  describe('the inbox', () => {
    it('keeps the bytes exactly as they came, with all that is known of the push', async () => {
      const bytes = Buffer.from([0x1f, 0x8b, 0, 0xff, 0xfe]);
      const known = {
        pathType: 'AlicomAgentCallNote',
        contentEncoding: 'gzip',
        charset: 'GBK',
        remoteAddress: '::1',
      } as const;
      await store().inbox.append([push(bytes, known), push('[]')]);
      const [first, second] = await read();
      expect(first).toMatchObject({ receivedAt: testStart, source: 'default', ...known });
      expect(Buffer.from(first?.body ?? [])).toEqual(bytes);
      expect(second).not.toHaveProperty('pathType');
      expect(second).not.toHaveProperty('contentEncoding');
      expect(second).not.toHaveProperty('charset');
    });

    it('copies a body that is a small part of a large buffer, and no more of that buffer', async () => {
      const shared = Buffer.from('secret[1]secret');
      await store().inbox.append([push(shared.subarray(6, 9)), push(shared.subarray(0, 0))]);
      expect(await bodies()).toEqual(['[1]', '']);
      expect(shared.toString()).toBe('secret[1]secret');
    });

    it('gives growing ids in the order of receipt', async () => {
      await store().inbox.append([push('a'), push('b')]);
      await store().inbox.append([push('c')]);
      const pushes = await read();
      expect(pushes.map(({ body }) => Buffer.from(body).toString())).toEqual(['a', 'b', 'c']);
      const ids = pushes.map(({ id }) => id);
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      expect(new Set(ids).size).toBe(3);
      expect(await bodies(ids[0])).toEqual(['b', 'c']);
    });

    it('gives the pushes of one source, or of all but some, in the same bounded pages', async () => {
      const sources = ['a', 'b', 'a', "it's", 'b', 'a'];
      await store().inbox.append(sources.map((source, index) => push(String(index), { source })));
      const of = async (choice: SourceChoice, maxPushes = 100) =>
        (await store().inboxReader.read(0, maxPushes, 1_000_000, choice)).map(({ body }) =>
          Buffer.from(body).toString(),
        );
      expect(await of({ only: 'a' })).toEqual(['0', '2', '5']);
      expect(await of({ only: 'a' }, 2)).toEqual(['0', '2']);
      expect(await of({ only: 'nobody' })).toEqual([]);
      expect(await of({ without: ['a'] })).toEqual(['1', '3', '4']);
      expect(await of({ without: ['b', "it's"] }, 2)).toEqual(['0', '2']);
      expect(await of({ without: [] })).toHaveLength(6);
    });

    it('is read in bounded pages, and a push past the bound by itself', async () => {
      await store().inbox.append(['aaaa', 'bbbb', 'cccccccccc', 'd'].map((body) => push(body)));
      expect(await bodies(0, 3)).toEqual(['aaaa', 'bbbb', 'cccccccccc']);
      expect(await bodies(0, 100, 8)).toEqual(['aaaa', 'bbbb']);
      expect(await bodies(0, 100, 1)).toEqual(['aaaa']);
      const [, second] = await read();
      expect(await bodies(second?.id, 100, 1)).toEqual(['cccccccccc']);
    });

    it('says how much waits, and since when', async () => {
      expect(await store().inboxReader.backlog(0)).toEqual({ pending: 0 });
      await store().inbox.append([push('a', { receivedAt: 1 }), push('b', { receivedAt: 2 }), push('c')]);
      expect(await store().inboxReader.backlog(0)).toEqual({ pending: 3, oldestAt: 1 });
      const [first] = await read();
      expect(await store().inboxReader.backlog(first?.id ?? 0)).toEqual({ pending: 2, oldestAt: 2 });
    });

    it('deletes only what is sorted and old, a bounded number at a time', async () => {
      await store().inbox.append(
        ['a', 'b', 'c', 'd'].map((body, index) => push(body, { receivedAt: testStart + index })),
      );
      const [, , third] = await read();
      const discard = (receivedBefore: number, limit: number) =>
        store().inbox.discard({ sortedUpTo: third?.id ?? 0, receivedBefore, limit });
      expect(await discard(testStart, 10)).toBe(0);
      expect(await discard(testStart + 1, 10)).toBe(1);
      expect(await discard(testStart + 100, 1)).toBe(1);
      expect(await discard(testStart + 100, 10)).toBe(1);
      expect(await discard(testStart + 100, 10)).toBe(0);
      expect(await bodies()).toEqual(['d']);
    });

    it('never uses an id again, even when it was emptied', async () => {
      await store().inbox.append([push('a')]);
      const [first] = await read();
      const sortedUpTo = first?.id ?? 0;
      await store().inbox.discard({ sortedUpTo, receivedBefore: testStart + 1, limit: 10 });
      await store().inbox.append([push('b')]);
      expect((await read())[0]?.id).toBeGreaterThan(sortedUpTo);
      expect(await bodies(sortedUpTo)).toEqual(['b']);
    });

    it('answers a probe, and leaves nothing behind by it', async () => {
      await store().inbox.probe();
      expect(await read()).toEqual([]);
    });
  });
}
