import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeMessage, recordOf } from '../../test/support/make-message.js';
import { openTemporaryStore, type TemporaryStore } from '../../test/support/temporary-store.js';
import { createVendorTime } from '../protocol/vendor-time.js';
import type { Projection } from '../store/projection.js';
import { Projector, rebuildProjection } from './projector.js';

const toInstant = createVendorTime('Asia/Shanghai');
let store: TemporaryStore;
beforeEach(() => {
  store = openTemporaryStore();
});
afterEach(() => store.close());

const receive = (...callIds: string[]) =>
  store.journalWriter.append({ messages: callIds.map((id) => makeMessage(recordOf(id))), quarantined: [] });

const projector = (projection: Projection = store.projection) =>
  new Projector({ journal: store.journal, projection, toInstant });

async function project(): Promise<void> {
  const one = projector();
  while (await one.step());
}

const callIds = async () =>
  (await store.calls.search({ limit: 100 })).items.map(({ callId }) => callId).toSorted();

const rebuild = (onProgress: (done: number, total: number) => void = () => undefined) =>
  rebuildProjection({ journal: store.journal, rebuild: store.rebuild, toInstant }, onProgress);

describe('Projector', () => {
  it('makes calls of what is in the journal, and goes on where an earlier one stood', async () => {
    await receive('1^1', '2^2');
    await project();
    expect(await callIds()).toEqual(['1^1', '2^2']);
    await receive('3^3');
    await project();
    expect(await callIds()).toEqual(['1^1', '2^2', '3^3']);
    expect(await store.journal.cursors()).toMatchObject({ projector: 3 });
  });

  it('has nothing to do where the journal holds no more', async () => {
    expect(await projector().step()).toBe(false);
    expect(await store.journal.cursors()).toMatchObject({ projector: 0 });
  });

  it('repeats a batch that failed', async () => {
    await receive('1^1');
    let failures = 1;
    const failing: Projection = {
      apply: async (changes, cursor) => {
        if (failures-- > 0) throw new Error('the disk is full');
        await store.projection.apply(changes, cursor);
      },
    };
    const one = projector(failing);
    await expect(one.step()).rejects.toThrow('full');
    await one.step();
    expect(await callIds()).toEqual(['1^1']);
  });
});

describe('rebuildProjection', () => {
  it('reads the journal as far as the projector has come, and says how far it is', async () => {
    await receive('1^1', '2^2');
    await project();
    await receive('3^3');
    const progress: [number, number][] = [];
    expect(await rebuild((done, total) => progress.push([done, total]))).toBe(2);
    expect(progress).toEqual([[2, 2]]);
    expect(await callIds()).toEqual(['1^1', '2^2']);
    await project();
    expect(await callIds()).toEqual(['1^1', '2^2', '3^3']);
  });

  it('repairs calls that had gone wrong', async () => {
    await receive('1^1', '2^2');
    await project();
    const before = await store.calls.get('1^1');
    await store.projection.apply(
      [{ kind: 'message', seq: 99, callId: '1^1', rank: 3, receivedAt: 5, taskId: 'wrong', flags: [] }],
      2,
    );
    expect(await store.calls.get('1^1')).toMatchObject({ taskId: 'wrong' });
    await rebuild();
    expect(await store.calls.get('1^1')).toEqual(before);
  });

  it('takes in what the projector does meanwhile', async () => {
    await receive('1^1');
    await project();
    let isFirst = true;
    const during = {
      ...store.rebuild,
      begin: () => store.rebuild.begin(),
      finish: (cursor: number) => store.rebuild.finish(cursor),
      apply: async (changes: Parameters<typeof store.rebuild.apply>[0]) => {
        await store.rebuild.apply(changes);
        if (!isFirst) return;
        isFirst = false;
        await receive('2^2');
        await project();
      },
    };
    await rebuildProjection({ journal: store.journal, rebuild: during, toInstant }, () => undefined);
    expect(await callIds()).toEqual(['1^1', '2^2']);
  });

  it('leaves everything as it was where it is broken off, and can be begun again', async () => {
    await receive('1^1');
    await project();
    const before = await store.calls.get('1^1');
    await store.rebuild.begin();
    await store.rebuild.apply([]);
    expect(await store.calls.get('1^1')).toEqual(before);
    await rebuild();
    await rebuild();
    expect(await store.calls.get('1^1')).toEqual(before);
  });
});
