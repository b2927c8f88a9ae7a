import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeMessage, recordOf } from '../../test/support/make-message.js';
import { openTemporaryStore, testStart, type TemporaryStore } from '../../test/support/temporary-store.js';
import type { AppendResult, SortedBatch } from '../store/journal.js';
import { sortAgain, Sorter } from './sorter.js';

let store: TemporaryStore;
let results: AppendResult[];
beforeEach(() => {
  store = openTemporaryStore();
  results = [];
});
afterEach(() => store.close());

async function receive(...bodies: (string | Uint8Array | object)[]): Promise<void> {
  await store.inbox.append(
    bodies.map((body) => ({
      receivedAt: testStart,
      source: 'default',
      remoteAddress: '127.0.0.1',
      body:
        body instanceof Uint8Array
          ? body
          : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    })),
  );
}

const parts = () => ({
  inbox: store.inboxReader,
  journal: store.journal,
  journalWriter: store.journalWriter,
  onSorted: (result: AppendResult) => results.push(result),
  elapsedMs: () => 0,
});

const sort = async (sorter = new Sorter(parts())) => {
  while (await sorter.step());
};

const callIds = async () => (await store.journal.read(0, 1_000_000)).map(({ callId }) => callId);
const pending = async () => (await store.inboxReader.backlog((await store.journal.cursors()).sorter)).pending;

describe('Sorter', () => {
  it('journals the messages of the inbox in the order of receipt and is done with them', async () => {
    await receive([recordOf('1^1'), recordOf('2^2')], '[]', '', recordOf('3^3'));
    expect(await pending()).toBe(4);
    await sort();
    expect(await callIds()).toEqual(['1^1', '2^2', '3^3']);
    expect(await pending()).toBe(0);
    expect(results).toEqual([{ appended: 3, duplicates: 0, quarantined: 0 }]);
  });

  it('has nothing to do where the inbox is empty', async () => {
    expect(await new Sorter(parts()).step()).toBe(false);
    expect(results).toEqual([]);
  });

  it('goes on where an earlier one stood', async () => {
    await receive([recordOf('1^1')]);
    await sort();
    await receive([recordOf('2^2')]);
    await sort();
    expect(results.map(({ appended }) => appended)).toEqual([1, 1]);
  });

  it('counts what came before as a duplicate, in the same push and in another', async () => {
    await receive([recordOf('1^1'), recordOf('1^1')], [recordOf('1^1')]);
    await sort();
    expect(results).toEqual([{ appended: 1, duplicates: 2, quarantined: 0 }]);
  });

  it('lets a bad item cost neither its neighbours nor the pushes around it', async () => {
    await receive(
      [recordOf('1^1')],
      '[{"callId":"x"',
      `[{},${JSON.stringify(recordOf('2^2'))}]`,
      recordOf('3^3'),
    );
    await sort();
    expect(await callIds()).toEqual(['1^1', '2^2', '3^3']);
    const { items } = await store.quarantine.list({ limit: 10 });
    expect(items.map(({ reason }) => reason)).toEqual(['no-call-id', 'not-json']);
  });

  it('repeats a batch that failed, and nothing comes twice', async () => {
    const journalWriter = { ...store.journalWriter, append: store.journalWriter.append.bind(store) };
    let failures = 2;
    journalWriter.append = async (batch: SortedBatch) => {
      const result = await store.journalWriter.append(failures === 1 ? { ...batch, sortedUpTo: 0 } : batch);
      if (failures-- > 0) throw new Error('the disk is full');
      return result;
    };
    await receive([recordOf('1^1'), 5]);
    const sorter = new Sorter({ ...parts(), journalWriter });
    await expect(sorter.step()).rejects.toThrow('full');
    await receive([recordOf('2^2')]);
    await expect(sorter.step()).rejects.toThrow('full');
    await sort(sorter);
    expect(await callIds()).toEqual(['1^1', '2^2']);
    expect(await store.quarantine.count()).toBe(1);
    expect(await pending()).toBe(0);
  });

  it('takes 10^5 items of one push in batches of a few thousand, and moves its cursor with the last', async () => {
    const batches: SortedBatch[] = [];
    const journalWriter = {
      append: (batch: SortedBatch) => {
        batches.push(batch);
        return store.journalWriter.append(batch);
      },
    };
    const items = Array.from({ length: 100_000 }, (_, index) =>
      index % 2 === 0 ? `{"callId":"${index}","callee":""}` : '0',
    );
    await receive(`[${items.join(',')}]`);
    await sort(new Sorter({ ...parts(), journalWriter }));
    expect(await callIds()).toHaveLength(50_000);
    // Many that are none lie together: a thousand by themselves, and the rest in bundles.
    const { items: kept } = await store.quarantine.list({ limit: 5_000 });
    const bundles = kept.filter(({ reason }) => reason === 'many-unreadable');
    expect(kept.length - bundles.length).toBe(1_000);
    expect(bundles.length).toBeLessThan(50);
    for (const { messages, quarantined } of batches) {
      expect(messages.length + quarantined.length).toBeLessThanOrEqual(8_000);
    }
    expect(batches.map(({ sortedUpTo }) => sortedUpTo !== undefined).indexOf(true)).toBe(batches.length - 1);
    expect(await pending()).toBe(0);
  });

  it('holds no more than a few unpacked pushes in one batch, however small they came', async () => {
    const batches: number[] = [];
    const journalWriter = {
      append: (batch: SortedBatch) => {
        batches.push(batch.messages.reduce((sum, { text }) => sum + text.length, 0));
        return store.journalWriter.append(batch);
      },
    };
    const large = (callId: string) =>
      gzipSync(JSON.stringify({ callId, callee: 'x'.repeat(5_000_000) }), { level: 1 });
    await receive(...['1', '2', '3', '4', '5'].map(large));
    await sort(new Sorter({ ...parts(), journalWriter }));
    expect(Math.max(...batches)).toBeLessThan(16 * 1024 * 1024);
    expect(await callIds()).toEqual(['1', '2', '3', '4', '5']);
  });
});

describe('The turns of sources', () => {
  /** By its clock each piece of a body takes some of a turn. */
  const slowParts = (order: string[]) => {
    let now = 0;
    return {
      ...parts(),
      elapsedMs: () => (now += 100),
      journalWriter: {
        append: (batch: SortedBatch) => {
          order.push(...batch.messages.map(({ callId }) => callId));
          return store.journalWriter.append(batch);
        },
      },
    };
  };
  const put = (source: string, ...bodies: unknown[]) =>
    store.inbox.append(
      bodies.map((body) => ({
        receivedAt: testStart,
        source,
        remoteAddress: '',
        body: Buffer.from(JSON.stringify(body)),
      })),
    );
  const manyOf = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({ callId: `${name}${index}`, callee: '' }));

  it('let the pushes of others go past a body that takes long, and bring all of it to the journal', async () => {
    const order: string[] = [];
    await put('heavy', manyOf('a', 24_000), manyOf('b', 4_000));
    await put('light', { callId: 'x', callee: '' });
    await put('heavy', { callId: 'c', callee: '' });
    await put('other', { callId: 'y', callee: '' });
    await sort(new Sorter(slowParts(order)));
    expect(order.indexOf('x')).toBeLessThan(order.indexOf('a12000'));
    expect(order.indexOf('y')).toBeLessThan(order.indexOf('a12000'));
    // Of one source the order is that of receipt.
    expect(order.filter((callId) => !/[xy]/.test(callId))).toEqual(
      [...manyOf('a', 24_000), ...manyOf('b', 4_000), { callId: 'c' }].map(({ callId }) => callId),
    );
    expect(await callIds()).toHaveLength(28_003);
    expect(await pending()).toBe(0);
  });

  it('let several heavy sources take turns push by push, and nobody is forgotten', async () => {
    const order: string[] = [];
    for (const push of [1, 2, 3]) {
      for (const source of ['a', 'b', 'c']) await put(source, manyOf(`${source}${push}-`, 5_000));
    }
    await put('light', { callId: 'x', callee: '' });
    await sort(new Sorter(slowParts(order)));
    expect(new Set(order).size).toBe(45_001);
    expect(order.indexOf('x')).toBeLessThan(order.lastIndexOf('a3-1'));
    expect(order.lastIndexOf('b1-4999')).toBeLessThan(order.lastIndexOf('a3-4999'));
    expect(await pending()).toBe(0);
  });

  it('move the cursor no further than to what is sorted of all, so that a crash repeats the rest', async () => {
    await put('heavy', manyOf('a', 40_000));
    await put('light', { callId: 'x', callee: '' });
    const sorter = new Sorter(slowParts([]));
    await sorter.step();
    await sorter.step();
    expect(await pending()).toBe(2);
    await sort();
    expect(await callIds()).toHaveLength(40_001);
    expect(await pending()).toBe(0);
  });
});

describe('sortAgain', () => {
  it('changes nothing that was right', async () => {
    await receive([recordOf('1^1'), recordOf('1^1'), {}], 'no JSON', recordOf('2^2'));
    await sort();
    const before = await store.journal.read(0, 100);
    const progress: number[] = [];
    expect(await sortAgain(parts(), (pushes) => progress.push(pushes))).toEqual({
      appended: 0,
      duplicates: 3,
      quarantined: 0,
    });
    expect(progress).toEqual([3]);
    expect(await store.journal.read(0, 100)).toEqual(before);
    expect(await store.quarantine.count()).toBe(2);
  });

  it('journals what is missing, and leaves to the sorter what it has not sorted', async () => {
    await receive(recordOf('1^1'));
    // As a version that understood less: it passed the push by.
    const [push] = await store.inboxReader.read(0, 1, 1);
    await store.journalWriter.append({ messages: [], quarantined: [], sortedUpTo: push?.id ?? 0 });
    await receive(recordOf('2^2'));
    expect(await sortAgain(parts(), () => undefined)).toMatchObject({ appended: 1 });
    expect(await callIds()).toEqual(['1^1']);
    expect(await pending()).toBe(1);
  });

  it('does not bring back what was deleted from quarantine, or became a message', async () => {
    await receive('[{},null]');
    await sort();
    const { items } = await store.quarantine.list({ limit: 10 });
    await store.quarantineWriter.discard(items[0]?.id ?? '');
    await store.quarantineWriter.resolve(items[1]?.id ?? '', [makeMessage(recordOf('9^9'))]);
    expect(await sortAgain(parts(), () => undefined)).toEqual({ appended: 0, duplicates: 0, quarantined: 0 });
    expect(await store.quarantine.count()).toBe(0);
  });
});
