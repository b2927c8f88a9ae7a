import { describe, expect, it } from 'vitest';
import {
  acknowledge,
  fail,
  openReceiver,
  secret,
  type DeliveryBench,
} from '../../test/support/delivery-bench.js';
import { recordOf, reportOf } from '../../test/support/make-message.js';
import { until } from '../../test/support/until.js';
import { callIdsOf, useDeliveryBench } from '../../test/support/use-delivery-bench.js';
import { verifySignature } from '../protocol/webhook-signature.js';

let bench: DeliveryBench;
const { settledAs, attempted, turns, delivered } = useDeliveryBench((opened) => {
  bench = opened;
});

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

describe('an endpoint that is changed while it is served', () => {
  it('is pushed to where it is now, at once', async () => {
    const [before, after] = [await openReceiver(bench, fail(500)), await openReceiver(bench)];
    await bench.journal(...bench.reports(1));
    const endpoint = await bench.createEndpoint(before.url, { retrySchedule: [60, 60, 60, 60, 60] });
    const dispatcher = bench.start({ renewMs: 3_600_000, leaseMs: 7_200_000 });
    await attempted(1);
    for (const failures of [2, 3]) {
      bench.pass(60_000);
      await attempted(failures);
    }
    await bench.store.endpointsWriter.change(endpoint.id, {
      settings: { ...endpoint.settings, url: after.url },
    });
    dispatcher.endpointsChanged();
    bench.pass(60_000);
    await delivered(endpoint, 1);
    expect(before.seen).toHaveLength(3);
    expect(after.seen.map(({ id }) => id)).toEqual([before.seen[0]?.id]);
  });

  it('is selected for anew, from the cursor on', async () => {
    const receiver = await openReceiver(bench);
    const endpoint = await bench.createEndpoint(receiver.url, { lingerMs: 60_000 });
    const dispatcher = bench.start();
    await bench.journal(reportOf('a', { taskId: '1' }), reportOf('b', { taskId: '2' }));
    await turns();
    const settings = { ...endpoint.settings, filter: { taskId: '2' } };
    await bench.store.endpointsWriter.change(endpoint.id, { settings });
    dispatcher.endpointsChanged();
    await turns();
    bench.pass(60_000);
    await delivered(endpoint, 1);
    expect(callIdsOf(receiver.seen)).toEqual(['b']);
  });

  it('is sent what was held for it once it waits for recordings no longer, by a replay of what it missed', async () => {
    const receiver = await openReceiver(bench);
    const endpoint = await bench.createEndpoint(receiver.url, { when: 'archived' });
    const dispatcher = bench.start();
    await bench.journal(recordOf('held'), reportOf('sent'));
    await delivered(endpoint, 1);
    expect(callIdsOf(receiver.seen)).toEqual(['sent']);
    await bench.store.endpointsWriter.change(endpoint.id, {
      settings: { ...endpoint.settings, when: 'received' },
    });
    const missed = { kind: 'window', afterSeq: 0, untilSeq: 2, missed: true } as const;
    await bench.store.replaysWriter.start(endpoint.id, missed, bench.now());
    dispatcher.endpointsChanged();
    await delivered(endpoint, 2);
    expect(callIdsOf(receiver.seen)).toEqual(['sent', 'held']);
  });

  it('is sent nothing while it is paused, and everything afterwards', async () => {
    const receiver = await openReceiver(bench);
    const endpoint = await bench.createEndpoint(receiver.url);
    await bench.store.endpointsWriter.change(endpoint.id, { isPaused: true });
    const dispatcher = bench.start();
    await bench.journal(...bench.reports(3));
    await turns();
    expect(receiver.seen).toEqual([]);
    expect(await bench.deliveries(endpoint)).toEqual([]);
    await bench.store.endpointsWriter.change(endpoint.id, { isPaused: false });
    dispatcher.endpointsChanged();
    await delivered(endpoint, 1);
    expect(callIdsOf(receiver.seen)).toEqual(['c0+c1+c2']);
  });

  it('is let alone when it is removed, and its deliveries go', async () => {
    await bench.journal(...bench.reports(1));
    const receiver = await openReceiver(bench, fail(500));
    const endpoint = await bench.createEndpoint(receiver.url);
    const dispatcher = bench.start();
    await attempted(1);
    await bench.store.endpointsWriter.remove(endpoint.id);
    dispatcher.endpointsChanged();
    await turns();
    bench.pass(60_000);
    await turns();
    expect(receiver.seen).toHaveLength(1);
    expect(await bench.store.endpointsWriter.sweepRemoved(10)).toBe(0);
  });
});

describe('a replay', () => {
  it('sends the dead again: new deliveries with a fresh schedule, the old ones stay as they are', async () => {
    await bench.journal(...bench.reports(2));
    const receiver = await openReceiver(bench, fail(500), fail(500), acknowledge);
    const endpoint = await bench.createEndpoint(receiver.url, { batchSize: 1, retrySchedule: [] });
    const dispatcher = bench.start();
    await settledAs(endpoint, 'dead', 'dead');
    const replay = await bench.store.replaysWriter.start(endpoint.id, { kind: 'dead' }, bench.now());
    dispatcher.endpointsChanged();
    await settledAs(endpoint, 'dead', 'dead', 'delivered', 'delivered');
    expect(new Set(receiver.seen.map(({ id }) => id)).size).toBe(4);
    const all = await bench.deliveries(endpoint);
    expect(all.map(({ replayOf, replayedAs }) => replayOf ?? replayedAs)).toEqual(['d3', 'd4', 'd1', 'd2']);
    expect(await bench.store.replays.get(replay!.id)).toMatchObject({
      state: 'done',
      deliveries: 2,
      messages: 2,
    });
  });

  it('sends again what died of one reason, each in one delivery, whoever goes on with it', async () => {
    const reports = bench.reports(24);
    await bench.journal(...reports);
    const refuse = reports.map((_, index) => fail(index % 2 === 0 ? 400 : 404));
    const taken = [acknowledge, acknowledge, acknowledge];
    const receiver = await openReceiver(bench, ...refuse, ...taken, () => undefined, acknowledge);
    const endpoint = await bench.createEndpoint(receiver.url, { batchSize: 1, retrySchedule: [] });
    const few = { aheadBatches: 2, mostAheadBatches: 2, stopGraceMs: 20 };
    const first = bench.start(few);
    await settledAs(endpoint, ...reports.map(() => 'dead'));
    const selection = { kind: 'dead', reason: 'content-refused' } as const;
    const replay = await bench.store.replaysWriter.start(endpoint.id, selection, bench.now());
    first.endpointsChanged();
    await until(() => receiver.seen.length === 28, { what: 'the push that is cut off', everyMs: 2 });
    await first.stop();
    expect(await bench.store.replays.get(replay!.id)).toMatchObject({ state: 'running' });
    bench.start(few);
    await delivered(endpoint, 12);
    expect(await bench.store.replays.get(replay!.id)).toMatchObject({ state: 'done', deliveries: 12 });
    const replayed = (await bench.deliveries(endpoint)).flatMap(({ replayOf }) => replayOf ?? []);
    expect(replayed).toEqual(reports.flatMap((_, index) => (index % 2 === 0 ? `d${index + 1}` : [])));
    expect(await bench.store.replays.countDead(endpoint.id)).toEqual({ deliveries: 12, messages: 12 });
  });

  it('sends a window of the journal again, or what was missed in it', async () => {
    await bench.journal(...bench.reports(10));
    const receiver = await openReceiver(bench);
    const endpoint = await bench.createEndpoint(receiver.url, { batchSize: 4 }, 'now');
    const dispatcher = bench.start();
    await bench.journal(...bench.reports(2, 10));
    await delivered(endpoint, 1);
    const window = { kind: 'window', afterSeq: 5, untilSeq: 12 } as const;
    for (const missed of [true, false]) {
      receiver.seen.length = 0;
      const replay = await bench.store.replaysWriter.start(endpoint.id, { ...window, missed }, bench.now());
      dispatcher.endpointsChanged();
      await until(async () => (await bench.store.replays.get(replay!.id))?.state === 'done', {
        what: 'it is done',
        everyMs: 5,
      });
      const expected = missed ? ['c5+c6+c7+c8', 'c9'] : ['c5+c6+c7+c8', 'c9+c10+c11'];
      await until(() => receiver.seen.length === expected.length, { what: 'all is sent', everyMs: 5 });
      expect(callIdsOf(receiver.seen)).toEqual(expected);
    }
  });
});

describe('stopping and starting', () => {
  it('gives what is under way time to end, and goes on where it was', async () => {
    await bench.journal(...bench.reports(30));
    const receiver = await openReceiver(bench, (response) => setTimeout(() => acknowledge(response), 10));
    const endpoint = await bench.createEndpoint(receiver.url, { batchSize: 1 });
    const first = bench.start();
    await delivered(endpoint, 3);
    await first.stop();
    const sent = receiver.seen.length;
    expect((await bench.deliveries(endpoint)).filter(({ state }) => state === 'delivered')).toHaveLength(
      sent,
    );
    bench.start();
    await delivered(endpoint, 30);
    expect(callIdsOf(receiver.seen)).toEqual(bench.reports(30).map(({ callId }) => callId));
  });

  it('cuts off what takes too long, and sends it again with the same webhook-id', async () => {
    await bench.journal(...bench.reports(1));
    const receiver = await openReceiver(bench, () => undefined, acknowledge);
    const endpoint = await bench.createEndpoint(receiver.url, { timeoutMs: 60_000 });
    const first = bench.start({ stopGraceMs: 20 });
    await until(() => receiver.seen.length === 1, { what: 'the push', everyMs: 2 });
    await first.stop();
    bench.start();
    await delivered(endpoint, 1);
    expect(receiver.seen[1]?.id).toBe(receiver.seen[0]?.id);
    expect(await bench.deliveries(endpoint)).toMatchObject([{ attempts: 1 }]);
  });

  it('leaves an endpoint to the one that has it', async () => {
    await bench.journal(...bench.reports(40));
    const receiver = await openReceiver(bench);
    const endpoint = await bench.createEndpoint(receiver.url, { batchSize: 1 });
    bench.start();
    bench.start();
    await delivered(endpoint, 40);
    expect(callIdsOf(receiver.seen)).toEqual(bench.reports(40).map(({ callId }) => callId));
  });
});

describe('what is told of a delivery', () => {
  it('holds no secret: neither in the log nor in what is kept', async () => {
    await bench.journal(recordOf('x'));
    const receiver = await openReceiver(bench, fail(500));
    const headers = { 'x-api-key': 'geheim' };
    const auth = { kind: 'bearer', token: 'geheim' } as const;
    const endpoint = await bench.createEndpoint(`${receiver.url}?token=geheim`, {
      headers,
      auth,
      retrySchedule: [],
    });
    bench.start();
    await settledAs(endpoint, 'dead');
    const log = await bench.store.deliveries.attempts('d1');
    expect(log).toHaveLength(1);
    for (const text of [JSON.stringify(log), bench.logged()])
      expect(text).not.toMatch(/geheim|Signature|whsec_/);
    expect(bench.logged()).toContain('"endpointId":"e1"');
  });
});
