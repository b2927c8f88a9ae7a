import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  fail,
  openDeliveryBench,
  openReceiver,
  secret,
  type DeliveryBench,
} from '../../test/support/delivery-bench.js';
import { until } from '../../test/support/until.js';
import { verifySignature } from '../protocol/webhook-signature.js';

let bench: DeliveryBench;
beforeEach(async () => {
  bench = await openDeliveryBench();
});
afterEach(async () => {
  await bench.close();
});

const delivered = async (endpoint: Parameters<DeliveryBench['deliveries']>[0], count: number) =>
  until(
    async () =>
      (await bench.deliveries(endpoint)).filter(({ state }) => state === 'delivered').length >= count,
    {
      what: `${count} are delivered`,
      everyMs: 5,
    },
  );

describe('the dispatcher', () => {
  it('pushes the journal on in batches, in order, signed', async () => {
    await bench.journal(...bench.reports(25));
    const receiver = await openReceiver(bench);
    const endpoint = await bench.createEndpoint(receiver.url, { batchSize: 10 });
    bench.start();
    await delivered(endpoint, 3);
    expect(receiver.seen.map(({ callIds }) => callIds.length)).toEqual([10, 10, 5]);
    expect(receiver.seen.flatMap(({ callIds }) => callIds)).toEqual(
      bench.reports(25).map(({ callId }) => callId),
    );
    for (const { headers, text } of receiver.seen) {
      expect(verifySignature({ secret, headers, body: text, now: bench.now() })).toBe(true);
    }
    expect(await bench.store.endpoints.get(endpoint.id)).toMatchObject({
      cursor: 25,
      health: { failuresInARow: 0 },
    });
  });

  it('notices what is journaled later', async () => {
    const receiver = await openReceiver(bench);
    const endpoint = await bench.createEndpoint(receiver.url);
    bench.start();
    await bench.journal(...bench.reports(1));
    await delivered(endpoint, 1);
    await bench.journal(...bench.reports(1, 1));
    await delivered(endpoint, 2);
    expect(receiver.seen.map(({ callIds }) => callIds)).toEqual([['c0'], ['c1']]);
  });

  it('tries again by the schedule with the same webhook-id, to the last attempt, and then it is dead', async () => {
    await bench.journal(...bench.reports(1));
    const receiver = await openReceiver(bench, fail(500));
    const endpoint = await bench.createEndpoint(receiver.url);
    bench.start();
    const times: number[] = [];
    for (const waitMs of [0, 60_000, 300_000, 600_000]) {
      if (waitMs > 0) {
        bench.pass(waitMs - 1);
        expect(receiver.seen).toHaveLength(times.length);
        bench.pass(1);
      }
      await until(() => receiver.seen.length > times.length, { what: 'the next attempt', everyMs: 2 });
      times.push(bench.now());
      await until(async () => (await bench.deliveries(endpoint))[0]?.attempts === times.length, {
        what: 'it is settled',
        everyMs: 2,
      });
    }
    const [delivery] = await bench.deliveries(endpoint);
    expect(delivery).toMatchObject({ state: 'dead', attempts: 4, reason: 'server-error' });
    expect(new Set(receiver.seen.map(({ id }) => id))).toEqual(new Set([delivery?.webhookId]));
    const log = await bench.store.deliveries.attempts(delivery?.id ?? '');
    expect(log.map(({ at }) => at)).toEqual(times);
    bench.pass(3_600_000);
    expect(receiver.seen).toHaveLength(4);
  });
});
