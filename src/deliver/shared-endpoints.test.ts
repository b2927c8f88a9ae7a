import { describe, expect, it } from 'vitest';
import { acknowledge, openReceiver, type DeliveryBench } from '../../test/support/delivery-bench.js';
import { until } from '../../test/support/until.js';
import { useDeliveryBench } from '../../test/support/use-delivery-bench.js';

let bench: DeliveryBench;
const { turns } = useDeliveryBench((opened) => {
  bench = opened;
});

describe('dispatchers of several processes', () => {
  const served = (...dispatchers: { served: number }[]) => dispatchers.map((each) => each.served);

  it('share the endpoints: who came first gives some back, and no push is made twice', async () => {
    const receiver = await openReceiver(bench);
    for (let count = 0; count < 4; count++) await bench.createEndpoint(receiver.url, { batchSize: 1 });
    let processes = 1;
    const share = () => Promise.resolve(processes);
    const first = bench.start({}, { share });
    await bench.journal(...bench.reports(20));
    await until(() => receiver.seen.length > 0, { what: 'the first serves all', everyMs: 2 });
    expect(served(first)).toEqual([4]);
    processes = 2;
    const second = bench.start({}, { share });
    await until(() => served(first, second).join() === '2,2', { what: 'each serves two', everyMs: 5 });
    await bench.journal(...bench.reports(20, 20));
    await until(() => receiver.seen.length >= 160, { what: 'all is sent to all', everyMs: 5 });
    await turns();
    expect(receiver.seen).toHaveLength(160);
    expect(new Set(receiver.seen.map(({ id }) => id)).size).toBe(160);
    expect(await bench.store.dispatch.count(bench.now())).toEqual({ endpoints: 4, free: 0 });
  });

  it('let a push under way end before they give its endpoint to another', async () => {
    await bench.journal(...bench.reports(1));
    const answers: (() => void)[] = [];
    const receiver = await openReceiver(bench, (response) => {
      answers.push(() => acknowledge(response));
    });
    for (let count = 0; count < 2; count++) await bench.createEndpoint(receiver.url, { timeoutMs: 60_000 });
    let processes = 1;
    const share = () => Promise.resolve(processes);
    const first = bench.start({ handOverGraceMs: 60_000 }, { share });
    await until(() => answers.length === 2, { what: 'both pushes are under way', everyMs: 2 });
    processes = 2;
    const second = bench.start({}, { share });
    await turns(20);
    expect(served(first, second)).toEqual([2, 0]);
    for (const answer of answers) answer();
    await until(() => served(first, second).join() === '1,1', { what: 'each serves one', everyMs: 5 });
    expect(receiver.seen).toHaveLength(2);
    expect((await bench.store.deliveries.list({ limit: 9 })).items.map(({ state }) => state)).toEqual([
      'delivered',
      'delivered',
    ]);
  });

  it('leave none unserved, though one is counted that serves none', async () => {
    const receiver = await openReceiver(bench);
    for (let count = 0; count < 4; count++) await bench.createEndpoint(receiver.url);
    const only = bench.start({}, { share: () => Promise.resolve(2) });
    await until(() => only.served === 2, { what: 'it has its share', everyMs: 2 });
    await turns();
    expect(only.served).toBe(2);
    bench.pass(3_000);
    await until(() => only.served === 4, { what: 'it serves all', everyMs: 2 });
    await bench.journal(...bench.reports(1));
    await until(() => receiver.seen.length === 4, { what: 'all are sent to', everyMs: 2 });
  });

  it('stop at once, in the middle of giving back', async () => {
    await bench.journal(...bench.reports(1));
    const receiver = await openReceiver(bench, () => undefined);
    for (let count = 0; count < 2; count++) await bench.createEndpoint(receiver.url, { timeoutMs: 60_000 });
    let processes = 1;
    const share = () => Promise.resolve(processes);
    const first = bench.start({ handOverGraceMs: 60_000, stopGraceMs: 20 }, { share });
    await until(() => receiver.seen.length === 2, { what: 'both pushes are under way', everyMs: 2 });
    processes = 2;
    await turns();
    await first.stop();
    expect(await bench.store.dispatch.count(bench.now())).toEqual({ endpoints: 2, free: 2 });
  });
});
