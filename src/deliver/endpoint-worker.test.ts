import { describe, expect, it } from 'vitest';
import { acknowledge, fail, openReceiver, type DeliveryBench } from '../../test/support/delivery-bench.js';
import { until } from '../../test/support/until.js';
import { callIdsOf, useDeliveryBench } from '../../test/support/use-delivery-bench.js';

let bench: DeliveryBench;
const { settledAs, attempted, turns, delivered } = useDeliveryBench((opened) => {
  bench = opened;
});

describe('an endpoint with one push at a time', () => {
  it('keeps the order: what waits for its retry holds back those behind it', async () => {
    await bench.journal(...bench.reports(3));
    const receiver = await openReceiver(bench, acknowledge, fail(503), acknowledge);
    const endpoint = await bench.createEndpoint(receiver.url, { batchSize: 1 });
    bench.start();
    await attempted(2);
    await turns();
    expect(callIdsOf(receiver.seen)).toEqual(['c0', 'c1']);
    bench.pass(60_000);
    await settledAs(endpoint, 'delivered', 'delivered', 'delivered');
    expect(callIdsOf(receiver.seen)).toEqual(['c0', 'c1', 'c1', 'c2']);
    expect(receiver.seen[2]?.id).toBe(receiver.seen[1]?.id);
  });

  it('goes on behind what is dead', async () => {
    await bench.journal(...bench.reports(2));
    const receiver = await openReceiver(bench, fail(500), acknowledge);
    const endpoint = await bench.createEndpoint(receiver.url, { batchSize: 1, retrySchedule: [] });
    bench.start();
    await settledAs(endpoint, 'dead', 'delivered');
  });
});

describe('an endpoint with several pushes at a time', () => {
  it('is not held back by one that waits', async () => {
    await bench.journal(...bench.reports(4));
    const receiver = await openReceiver(bench, fail(503), acknowledge);
    const endpoint = await bench.createEndpoint(receiver.url, { batchSize: 1, concurrency: 2 });
    bench.start();
    await delivered(endpoint, 3);
    await turns();
    expect(receiver.seen).toHaveLength(4);
    bench.pass(60_000);
    await delivered(endpoint, 4);
  });

  it('never has more under way than it may', async () => {
    await bench.journal(...bench.reports(12));
    let underWay = 0;
    let most = 0;
    const held: (() => void)[] = [];
    const receiver = await openReceiver(bench, (response) => {
      most = Math.max(most, ++underWay);
      held.push(() => {
        underWay--;
        acknowledge(response);
      });
    });
    const endpoint = await bench.createEndpoint(receiver.url, { batchSize: 1, concurrency: 3 });
    bench.start();
    while (receiver.seen.length < 12 || held.length > 0) {
      await until(() => held.length > 0, { what: 'a push', everyMs: 2 });
      if (receiver.seen.length < 12)
        await until(() => underWay >= 3 || receiver.seen.length === 12, { what: 'three', everyMs: 2 });
      held.shift()?.();
    }
    await delivered(endpoint, 12);
    expect(most).toBe(3);
  });
});

describe('a batch that is refused for its content', () => {
  it('is halved until the poison stands alone, runs its schedule, and is dead', async () => {
    await bench.journal(...bench.reports(5));
    const receiver = await openReceiver(bench, (response, { callIds }) => {
      if (callIds.includes('c2')) fail(422)(response);
      else acknowledge(response);
    });
    const endpoint = await bench.createEndpoint(receiver.url, { retrySchedule: [60] });
    bench.start();
    // Five, three, the first two of these, and the poison alone: its retry is planned from the end of that attempt.
    await attempted(4);
    await turns();
    bench.pass(60_000);
    await until(async () => (await bench.deliveries(endpoint)).every(({ state }) => state !== 'pending'), {
      what: 'all are settled',
      everyMs: 5,
    });
    expect(callIdsOf(receiver.seen)).toEqual(['c0+c1+c2+c3+c4', 'c0+c1+c2', 'c0+c1', 'c2', 'c2', 'c3+c4']);
    const all = await bench.deliveries(endpoint);
    expect(all.find(({ count }) => count === 1)).toMatchObject({ state: 'dead', reason: 'content-refused' });
    expect(all.find(({ count }) => count === 5)).toMatchObject({ state: 'dead', reason: 'halved' });
    expect(all.filter(({ state }) => state === 'delivered').map(({ count }) => count)).toEqual([2, 2]);
    expect((await bench.store.endpoints.get(endpoint.id))?.health).toEqual({ failuresInARow: 0 });
  });
});

describe('an endpoint that is away', () => {
  it('is asked by one probe at a time, and costs no more rows than were cut', async () => {
    await bench.journal(...bench.reports(500));
    const port = await bench.freePort();
    const endpoint = await bench.createEndpoint(`http://127.0.0.1:${port}/`, {
      batchSize: 1,
      concurrency: 4,
    });
    bench.start();
    // Four, and two that were begun when the first and the second had failed.
    await attempted(6);
    await turns();
    const health = async () => (await bench.store.endpoints.get(endpoint.id))?.health;
    expect(await health()).toEqual({ failuresInARow: 3, probeAt: bench.now() + 60_000 });
    expect(bench.attempts).toHaveLength(6);
    expect((await bench.deliveries(endpoint)).length).toBeLessThanOrEqual(24);

    // Their retries go on by the schedule, and have asked: the probe follows later.
    bench.pass(60_000);
    await attempted(12);
    await turns();
    expect(bench.attempts).toHaveLength(12);
    expect(await health()).toEqual({ failuresInARow: 3, probeAt: bench.now() + 60_000 });
    bench.pass(60_000);
    await attempted(13);
    await turns();
    expect(bench.attempts).toHaveLength(13);
    expect(bench.attempts.filter(({ attempt }) => attempt.isProbe)).toHaveLength(1);
    expect(await health()).toEqual({ failuresInARow: 4, probeAt: bench.now() + 120_000 });
    const attempts = (await bench.deliveries(endpoint)).map((delivery) => delivery.attempts);
    expect(attempts.slice(0, 8)).toEqual([2, 2, 2, 2, 2, 2, 0, 0]);

    const receiver = await openReceiver(bench);
    await bench.serveAt(port, receiver.listener);
    bench.pass(300_000);
    await delivered(endpoint, 500);
    expect(new Set(receiver.seen.flatMap(({ callIds }) => callIds)).size).toBe(500);
    expect(await health()).toEqual({ failuresInARow: 0 });
  });
});

describe('a rate limit', () => {
  it('spaces pushes evenly', async () => {
    await bench.journal(...bench.reports(6));
    const receiver = await openReceiver(bench);
    const endpoint = await bench.createEndpoint(receiver.url, {
      batchSize: 1,
      concurrency: 4,
      ratePerSecond: 2,
    });
    bench.start();
    await delivered(endpoint, 1);
    for (let pushes = 2; pushes <= 6; pushes++) {
      await turns();
      expect(receiver.seen).toHaveLength(pushes - 1);
      bench.pass(501);
      await delivered(endpoint, pushes);
    }
  });
});
