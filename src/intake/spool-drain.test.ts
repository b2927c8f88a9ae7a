import { describe, expect, it } from 'vitest';
import { openMemorySpool } from '../../test/support/memory-spool.js';
import type { ReceivedPush } from '../store/inbox.js';
import { StoreError } from '../store/store-error.js';
import { SpoolDrain } from './spool-drain.js';

const gone = new StoreError('unreachable', 'nobody there');

async function open({ pushes = 0, leavesRoom = true, slownessMs = 0, bodyBytes = 10 } = {}) {
  const spool = openMemorySpool();
  await spool.append(
    Array.from({ length: pushes }, (_, number) => ({
      receivedAt: number,
      source: `source-${number % 3}`,
      remoteAddress: '::1',
      body: Buffer.alloc(bodyBytes, number),
      key: `key-${number}`,
    })),
  );
  const world = {
    now: 1_000,
    slownessMs,
    batches: [] as number[],
    arrived: [] as ReceivedPush[],
    rests: [] as number[],
    aside: [] as (string | undefined)[],
    drained: 0,
    isGone: false,
    refuses: (_push: ReceivedPush): boolean => false,
  };
  const drain = new SpoolDrain({
    reader: spool,
    spool,
    database: {
      append: (group) => {
        world.now += world.slownessMs;
        if (world.isGone || group.some(world.refuses)) return Promise.reject(gone);
        world.batches.push(group.length);
        world.arrived.push(...group);
        return Promise.resolve();
      },
      probe: () => (world.isGone ? Promise.reject(gone) : Promise.resolve()),
    },
    leavesRoom,
    stopwatch: () => world.now,
    rest: (ms) => {
      world.rests.push(ms);
      return Promise.resolve();
    },
    onDrained: (count) => (world.drained += count),
    onSetAside: ({ key }) => world.aside.push(key),
  });
  const drainAll = async () => {
    while (await drain.step());
  };
  return { drain, drainAll, spool, world };
}

const keysOf = (pushes: readonly ReceivedPush[]) => pushes.map(({ key }) => key);
const keys = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => `key-${from + at}`);

describe('draining', () => {
  it('brings everything across in order, as it was received, and leaves nothing behind', async () => {
    const { drainAll, spool, world } = await open({ pushes: 100 });
    const before = spool.pushes.map(({ id: _, ...push }) => push);
    await drainAll();
    expect(world.arrived).toEqual(before);
    expect(spool.pushes).toEqual([]);
    expect(world.drained).toBe(100);
  });

  it('takes larger batches as long as the database is quick, and smaller ones when it is not', async () => {
    const { drain, drainAll, world } = await open({ pushes: 10_000 });
    await drain.step();
    for (let step = 0; step < 7; step++) await drain.step();
    world.slownessMs = 300;
    await drainAll();
    expect(world.batches.slice(0, 8)).toEqual([16, 32, 64, 128, 256, 512, 1_024, 2_048]);
    expect(world.batches.slice(8, 13)).toEqual([2_048, 1_024, 512, 256, 256]);
    expect(await drain.step()).toBe(false);
  });

  it('goes on in batches worth their while where the database is slow with anything', async () => {
    const { drainAll, world } = await open({ pushes: 1_200, slownessMs: 300 });
    await drainAll();
    expect(world.batches).toEqual([16, 32, 64, 128, 256, 256, 256, 192]);
  });

  it('keeps batches of large pushes small in bytes', async () => {
    const { drainAll, world } = await open({ pushes: 20, bodyBytes: 10_000 });
    await drainAll();
    expect(world.batches[0]).toBe(3);
  });

  it('rests as long as it worked, but not for ever; and not at all where nothing else needs the database', async () => {
    const { drain, world } = await open({ pushes: 100, slownessMs: 70 });
    await drain.step();
    world.slownessMs = 60_000;
    await drain.step();
    expect(world.rests).toEqual([70, 2_000]);
    const eager = await open({ pushes: 100, slownessMs: 70, leavesRoom: false });
    await eager.drainAll();
    expect(eager.world.rests).toEqual([]);
  });
});

describe('a drain without its database', () => {
  it('fails, keeps everything, and goes on one by one when it is back', async () => {
    const { drain, drainAll, spool, world } = await open({ pushes: 50 });
    world.isGone = true;
    for (let attempt = 0; attempt < 5; attempt++) await expect(drain.step()).rejects.toBe(gone);
    expect(spool.pushes).toHaveLength(50);
    expect(world.aside).toEqual([]);
    world.isGone = false;
    await drainAll();
    expect(keysOf(world.arrived)).toEqual(keys(0, 50));
    expect(world.batches.slice(0, 4)).toEqual([1, 2, 4, 8]);
  });
});

describe('a push that the database refuses while it takes others', () => {
  it('costs none of its neighbours, and is asked for again later', async () => {
    const { drain, spool, world } = await open({ pushes: 60 });
    world.refuses = ({ key }) => key === 'key-20' || key === 'key-40';
    const drainOn = async () => {
      for (let isMore = true; isMore;) isMore = await drain.step().catch(() => true);
    };
    await drainOn();
    expect(keysOf(spool.pushes)).toEqual(['key-20', 'key-40']);
    expect(world.aside).toEqual(['key-20', 'key-40']);
    expect(world.arrived).toHaveLength(58);

    world.refuses = () => false;
    await drainOn();
    expect(spool.pushes).toHaveLength(2);
    world.now += 30_000;
    await drainOn();
    expect(spool.pushes).toEqual([]);
    expect(keysOf(world.arrived).toSorted()).toEqual(keys(0, 60).toSorted());
  });
});
