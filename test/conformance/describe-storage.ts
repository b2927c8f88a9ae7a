import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AssetDraft, AssetStorage } from '../../src/storage/asset-storage.js';
import { probeStorage } from '../../src/storage/probe-storage.js';

export interface StorageUnderTest {
  readonly storage: AssetStorage;
  close(): Promise<void>;
}

const markOf = (bytes: string) => ({
  etag: '"E1"',
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

async function readAll(chunks: AsyncIterable<unknown>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk as Uint8Array);
  return Buffer.concat(all);
}

/** What every storage must do: the interface in src/storage/asset-storage.ts. `open` gives an empty one. */
export function describeStorage(name: string, open: () => Promise<StorageUnderTest>): void {
  describe(name, () => {
    let current: StorageUnderTest;
    beforeEach(async () => {
      current = await open();
    });
    afterEach(() => current.close());
    describeAssets(() => current.storage);
    describeNames(() => current.storage);
    describeDrafts(() => current.storage);
    describeProbe(() => current.storage);
  });
}

function describeProbe(storage: () => AssetStorage): void {
  const probe = (tested: AssetStorage) =>
    probeStorage(tested, {
      ...{ probeId: 'p1', now: Date.UTC(2025, 4, 22) },
      stopwatch: () => performance.now(),
    });
  const fileName = '2025-05-22/earshot-probe-p1.txt';

  describe('a probe', () => {
    it('goes the way of a recording, and leaves nothing', async () => {
      const results = await probe(storage());
      expect(results.map(({ name, error }) => [name, error])).toEqual([
        ['write', undefined],
        ['read', undefined],
        ['range', undefined],
        ['delete', undefined],
      ]);
      expect(await storage().size(fileName)).toBeUndefined();
      expect(await storage().wholeDrafts()).toEqual([]);
    });

    it('stops at what fails, and clears up', async () => {
      const deaf: AssetStorage = {
        ...storage(),
        read: (name, range) => (range ? Promise.reject(new Error('no ranges here')) : storage().read(name)),
      };
      const results = await probe(deaf);
      expect(results.map(({ name, error }) => [name, error?.message])).toEqual([
        ['write', undefined],
        ['read', undefined],
        ['range', 'no ranges here'],
      ]);
      expect(await storage().size(fileName)).toBeUndefined();
    });
  });
}

async function keepDraft(storage: AssetStorage, id: string, bytes: string): Promise<void> {
  const draft = await storage.openDraft(id);
  await draft.write(Buffer.from(bytes));
  await draft.abandon(markOf(bytes));
}

async function keepAsset(storage: AssetStorage, name: string, text: string, id = 'r1'): Promise<void> {
  const draft = await storage.openDraft(id);
  await draft.write(Buffer.from(text));
  await draft.commit(name);
}

async function keptOf(storage: AssetStorage, id: string): Promise<AssetDraft['kept']> {
  const draft = await storage.openDraft(id);
  const { kept } = draft;
  await draft.abandon(kept.mark);
  return kept;
}

async function textOf(storage: AssetStorage, name: string): Promise<string> {
  return (await readAll(await storage.read(name))).toString();
}

function describeAssets(storage: () => AssetStorage): void {
  describe('an asset', () => {
    it('is seen under its name once it is committed, and not before', async () => {
      const draft = await storage().openDraft('r1');
      await draft.write(Buffer.from('hello '));
      await draft.write(Buffer.from('world'));
      expect(await storage().size('2025-05-22/a-r1.wav')).toBeUndefined();
      await draft.commit('2025-05-22/a-r1.wav');
      expect(await textOf(storage(), '2025-05-22/a-r1.wav')).toBe('hello world');
      expect(await storage().size('2025-05-22/a-r1.wav')).toBe(11);
      expect(await keptOf(storage(), 'r1')).toEqual({ bytes: 0 });
    });

    it('holds every byte, however the writes were cut', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 700_000 }), { maxLength: 8 }), async (sizes) => {
          const chunks = sizes.map((size, i) => Buffer.alloc(size, i + 1));
          const draft = await storage().openDraft('r1');
          for (const chunk of chunks) await draft.write(chunk);
          await draft.commit('day/a.wav');
          expect((await readAll(await storage().read('day/a.wav'))).equals(Buffer.concat(chunks))).toBe(true);
        }),
        { numRuns: 20 },
      );
    });

    it('replaces what was there', async () => {
      for (const text of ['old', 'new']) await keepAsset(storage(), 'day/a.wav', text);
      expect(await textOf(storage(), 'day/a.wav')).toBe('new');
    });

    it('can be read whole and in part, and removed', async () => {
      await keepAsset(storage(), 'day/a.wav', '0123456789');
      expect(await textOf(storage(), 'day/a.wav')).toBe('0123456789');
      const part = await readAll(await storage().read('day/a.wav', { start: 2, end: 4 }));
      expect(part.toString()).toBe('234');
      await storage().remove('day/a.wav');
      await storage().remove('day/a.wav');
      await expect(storage().read('day/a.wav')).rejects.toMatchObject({ code: 'asset-missing' });
      expect(await storage().size('day/a.wav')).toBeUndefined();
    });

    it('is committed beside many others at once', async () => {
      const names = Array.from({ length: 40 }, (_, i) => `day/${i}.wav`);
      await Promise.all(names.map((name, i) => keepAsset(storage(), name, name, `r${i}`)));
      for (const name of names) expect(await textOf(storage(), name)).toBe(name);
    });

    it('may be an export, whatever names recordings have', async () => {
      await keepAsset(storage(), 'exports/x1.csv', 'a,b', 'x1');
      expect(await textOf(storage(), 'exports/x1.csv')).toBe('a,b');
      await storage().remove('exports/x1.csv');
      expect(await storage().size('exports/x1.csv')).toBeUndefined();
    });

    it('has room while it is a draft, as far as the disk has any', async () => {
      expect(await storage().draftRoom()).toBeGreaterThan(0);
    });

    it('has space left, where the storage can tell', async () => {
      expect((await storage().freeBytes()) ?? 1).toBeGreaterThan(0);
    });
  });
}

function describeNames(storage: () => AssetStorage): void {
  describe('a name that could lead elsewhere', () => {
    const hostile = [
      ...['', '.', '..', '../x', 'a/../../x', '/etc/passwd', 'a//b', 'a/', '.drafts/r1.part', 'a/.hidden'],
      ...['a\0b', 'a\\b', 'C:x', 'a b', 'con.', 'x'.repeat(300), 'a/'.repeat(20) + 'b', '录音.wav'],
    ];

    it.each(hostile)('is refused for an asset: %j', async (name) => {
      for (const act of ['read', 'size', 'remove'] as const) {
        await expect(storage()[act](name)).rejects.toMatchObject({ code: 'bad-name' });
      }
      const draft = await storage().openDraft('r1');
      await expect(draft.commit(name)).rejects.toMatchObject({ code: 'bad-name' });
      await draft.abandon();
      expect(await keptOf(storage(), 'r1')).toEqual({ bytes: 0 });
    });

    it.each(['', '..', '../x', 'a/b', 'a\0', '.x', 'a.part', '录音'])(
      'is refused for a draft: %j',
      async (id) => {
        await expect(storage().openDraft(id)).rejects.toMatchObject({ code: 'bad-name' });
      },
    );
  });
}

function describeDrafts(storage: () => AssetStorage): void {
  describe('a draft', () => {
    it('leaves nothing when it is abandoned', async () => {
      const draft = await storage().openDraft('r1');
      await draft.write(Buffer.alloc(2_000_000));
      await draft.abandon();
      await draft.abandon();
      expect(await keptOf(storage(), 'r1')).toEqual({ bytes: 0 });
    });

    it('keeps its bytes and what they belong to, and is continued by the next attempt', async () => {
      await keepDraft(storage(), 'r1', 'hello ');
      const again = await storage().openDraft('r1');
      expect(again.kept).toEqual({ bytes: 6, mark: markOf('hello ') });
      expect((await readAll(again.readKept())).toString()).toBe('hello ');
      await again.write(Buffer.from('world'));
      await again.commit('day/a.wav');
      expect(await textOf(storage(), 'day/a.wav')).toBe('hello world');
      expect(await keptOf(storage(), 'r1')).toEqual({ bytes: 0 });
    });

    it('starts anew on request', async () => {
      await keepDraft(storage(), 'r1', 'old bytes');
      const draft = await storage().openDraft('r1');
      await draft.write(Buffer.from('more'));
      await draft.restart();
      expect(draft.kept).toEqual({ bytes: 0 });
      await draft.write(Buffer.from('new'));
      await draft.commit('day/a.wav');
      expect(await textOf(storage(), 'day/a.wav')).toBe('new');
    });

    it('can be looked into while it is written', async () => {
      const draft = await storage().openDraft('r1');
      await draft.write(Buffer.from('0123456789'));
      expect(Buffer.from(await draft.readAt(3, 4)).toString()).toBe('3456');
      expect(Buffer.from(await draft.readAt(8, 99)).toString()).toBe('89');
      await draft.write(Buffer.from('abc'));
      await draft.commit('day/a.wav');
      expect(await textOf(storage(), 'day/a.wav')).toBe('0123456789abc');
    });

    it('has one writer at a time', async () => {
      const draft = await storage().openDraft('r1');
      await expect(storage().openDraft('r1')).rejects.toMatchObject({ code: 'draft-busy' });
      await draft.abandon();
      await (await storage().openDraft('r1')).abandon();
    });

    it('is swept away when nobody has written to it since the time given, unless it is open', async () => {
      for (const id of ['idle', 'open']) await keepDraft(storage(), id, 'bytes');
      expect(await storage().sweepDrafts(Date.now() - 3_600_000)).toBe(0);
      const draft = await storage().openDraft('open');
      expect(await storage().sweepDrafts(Date.now() + 3_600_000)).toBe(1);
      await draft.abandon(draft.kept.mark);
      expect(await keptOf(storage(), 'idle')).toEqual({ bytes: 0 });
      expect(await keptOf(storage(), 'open')).toEqual({ bytes: 5, mark: markOf('bytes') });
    });
  });
}
