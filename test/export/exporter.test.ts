import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExporterDeps } from '../../src/export/exporter.js';
import { StorageError } from '../../src/storage/asset-storage.js';
import { StoreError } from '../../src/store/store-error.js';
import { openTestApi, record, type TestApi } from '../http/open-test-api.js';
import { until } from '../support/until.js';
import { jobOf, keepMs, openExporter, order } from './open-exporter.js';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
  await api.push(Array.from({ length: 5 }, (_, index) => record(`${index}^1`)));
});
afterEach(() => api.close());

const never = new AbortController().signal;

/** Everything that exports have on the disk, finished or not. */
async function filesOfExports(): Promise<string[]> {
  const list = (folder: string) => readdir(join(api.recordings, folder)).catch(() => []);
  return [...(await list('exports')), ...(await list('.drafts'))];
}

/** Calls whose first page does not come before it is told to. */
function heldCalls() {
  let isAsked = false;
  let go: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  const calls: ExporterDeps['calls'] = {
    count: (query) => api.store.calls.count(query),
    search: async (query) => {
      isAsked = true;
      await held;
      return api.store.calls.search(query);
    },
  };
  const asked = () => until(() => isAsked, { what: 'the exporter asks for calls' });
  return { calls, asked, go };
}

describe('the exporter', () => {
  it('makes what waits, the oldest first, one by one', async () => {
    const first = await order(api, 'csv');
    api.clock.now += 1;
    const second = await order(api, 'jsonl');
    const exporter = openExporter(api);
    expect(await exporter.step(never)).toBe(true);
    expect([(await jobOf(api, first)).state, (await jobOf(api, second)).state]).toEqual(['done', 'waiting']);
    expect(await exporter.step(never)).toBe(true);
    expect(await exporter.step(never)).toBe(false);
    expect(await jobOf(api, second)).toMatchObject({ state: 'done', done: 5, total: 5 });
    expect(await filesOfExports()).toHaveLength(2);
  });

  it('gives up what is cancelled, and leaves nothing of it', async () => {
    const id = await order(api, 'zip');
    const { calls, asked, go } = heldCalls();
    const step = openExporter(api, { calls }).step(never);
    await asked();
    await api.store.jobs.cancel(id, api.clock.now);
    const { progress } = api.store.jobWork;
    let refusals = 0;
    api.store.jobWork.progress = async (...args) => {
      const isOurs = await progress(...args);
      if (!isOurs) refusals++;
      return isOurs;
    };
    await until(() => refusals > 0, { what: 'the exporter hears of it' });
    go();
    await step;
    expect((await jobOf(api, id)).state).toBe('cancelled');
    expect(await filesOfExports()).toEqual([]);
  });

  it('gives back what it was at when it is asked to stop', async () => {
    const id = await order(api, 'xlsx');
    const { calls, asked, go } = heldCalls();
    const stopping = new AbortController();
    const step = openExporter(api, { calls }).step(stopping.signal);
    await asked();
    stopping.abort();
    go();
    await step;
    expect((await jobOf(api, id)).state).toBe('waiting');
    expect(await filesOfExports()).toEqual([]);
    await openExporter(api).step(never);
    expect((await jobOf(api, id)).state).toBe('done');
  });

  it('takes over from one that said nothing any more, which then keeps nothing', async () => {
    const id = await order(api, 'csv');
    const { calls, asked, go } = heldCalls();
    const paused = openExporter(api, { calls, settings: { leaseMs: 15_000, tickMs: 1_000_000, keepMs } });
    const late = paused.step(never);
    await asked();
    api.clock.now += 16_000;
    expect(await openExporter(api).step(never)).toBe(true);
    const { fileName = '' } = await jobOf(api, id);
    go();
    await late;
    expect(await jobOf(api, id)).toMatchObject({ state: 'done', fileName });
    expect(await filesOfExports()).toEqual([fileName]);
  });

  it('begins anew when the store was away', async () => {
    const id = await order(api, 'csv');
    const search = () => Promise.reject(new StoreError('unreachable', 'away'));
    const failing = openExporter(api, { calls: { ...api.store.calls, count: search, search } });
    await expect(failing.step(never)).rejects.toThrow('away');
    expect((await jobOf(api, id)).state).toBe('waiting');
    await openExporter(api).step(never);
    expect((await jobOf(api, id)).state).toBe('done');
  });

  it.each<[string, () => ExporterDeps['storage'], RegExp]>([
    [
      'the storage',
      () => ({
        ...api.assets,
        openDraft: () => Promise.reject(new StorageError('io-failed', 'opening /secret: EIO')),
      }),
      /^The storage could not be read or written\./,
    ],
    ['the room', () => ({ ...api.assets, draftRoom: () => Promise.resolve(1_000) }), /too little room/],
    [
      'our own care',
      () => ({ ...api.assets, openDraft: () => Promise.reject(new TypeError('inner words')) }),
      /^Something went wrong inside; the log has the cause\.$/,
    ],
  ])('says in a sentence that %s failed it, and goes on with the next', async (_, storage, sentence) => {
    const id = await order(api, 'csv');
    expect(await openExporter(api, { storage: storage() }).step(never)).toBe(true);
    const { state, reason } = await jobOf(api, id);
    expect([state, reason]).toEqual(['failed', expect.stringMatching(sentence)]);
    expect(await filesOfExports()).toEqual([]);
  });

  it('deletes files whose time is over, also where the storage refuses at first', async () => {
    await order(api, 'csv');
    let isAway = true;
    const remove = (name: string) =>
      isAway ? Promise.reject(new StorageError('io-failed', 'away')) : api.assets.remove(name);
    const exporter = openExporter(api, { storage: { ...api.assets, remove } });
    await exporter.step(never);
    await exporter.expire();
    expect(await filesOfExports()).toHaveLength(1);
    api.clock.now += keepMs;
    await exporter.expire();
    expect(await filesOfExports()).toHaveLength(1);
    isAway = false;
    await exporter.expire();
    expect(await filesOfExports()).toEqual([]);
  });
});
