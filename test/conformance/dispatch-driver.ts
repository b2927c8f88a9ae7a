import type { DeliveryAttempt, DeliveryVerdict, NewDelivery } from '../../src/domain/delivery.js';
import { endpointDefaults, type Endpoint, type EndpointSettings } from '../../src/domain/endpoint.js';
import type { Cut, DeliverySettlement, EndpointLease, OpenDelivery } from '../../src/store/deliveries.js';
import type { Store } from '../../src/store/store.js';
import { testStart } from '../support/temporary-store.js';

export const settings: EndpointSettings = {
  ...endpointDefaults,
  name: 'crm',
  url: 'https://crm.example/push',
};

export const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const leaseMs = 10_000;

/** Batches by the numbers of their messages; webhook-ids tell them apart. */
export const batchesOf = (...batches: (readonly number[])[]): NewDelivery[] =>
  batches.map((seqs) => ({ webhookId: `msg_${seqs.join('_')}`, seqs }));

/** From `first` to `last`. */
export const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

export function attemptAt(at: number, more: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  return {
    at,
    outcome: 'retry',
    reason: 'server-error',
    status: 500,
    durationMs: 12,
    timings: { connectMs: 1.25, headMs: 10 },
    address: '203.0.113.7',
    isProbe: false,
    request: { method: 'POST', url: settings.url, headers: { 'webhook-id': 'msg' }, bytes: 17 },
    response: { headers: { 'content-type': 'text/plain' }, body: 'no \ud800 luck\u0000' },
    ...more,
  };
}

const attempts: Readonly<Record<DeliveryVerdict['kind'], Partial<DeliveryAttempt>>> = {
  delivered: { outcome: 'ok', reason: 'acknowledged', status: 200 },
  retry: {},
  dead: {},
  halved: { outcome: 'refuse', reason: 'content-refused', status: 400 },
  released: { outcome: 'aborted', reason: 'stopped' },
};

export const delivered: DeliveryVerdict = { kind: 'delivered' };
export const dead: DeliveryVerdict = { kind: 'dead' };
export const released: DeliveryVerdict = { kind: 'released' };
export const retryAt = (nextAttemptAt: number): DeliveryVerdict => ({ kind: 'retry', nextAttemptAt });
export const halvedInto = (first: readonly number[], second: readonly number[]): DeliveryVerdict => {
  const [one, two] = batchesOf(first, second);
  if (!one || !two) throw new Error('two were made');
  return { kind: 'halved', halves: [one, two] };
};

/** Two attempts at one delivery never begin at one instant. */
let tick = testStart;

/** The store, with the few sentences that tests of sending are made of. */
export function driveDispatch(store: Pick<Store, 'dispatch' | 'endpointsWriter'>) {
  const acquire = (now = testStart, limit = 100) =>
    store.dispatch.acquire({ now, until: now + leaseMs, limit });

  const cutAll = (cuts: readonly Partial<Cut>[], lease: EndpointLease) =>
    store.dispatch.cut(cuts.map((cut) => ({ lease, from: 0, to: 0, batches: [], now: testStart, ...cut })));

  const settleAll = (
    settlements: readonly (Pick<DeliverySettlement, 'deliveryId' | 'verdict'> &
      Partial<DeliverySettlement>)[],
    lease: EndpointLease,
  ): Promise<boolean[]> =>
    store.dispatch.settle(
      settlements.map((settlement) => ({
        lease,
        attempt: attemptFor(settlement.verdict),
        health: { failuresInARow: 0 },
        now: testStart,
        ...settlement,
      })),
    );

  const cutOne = async (
    lease: EndpointLease,
    from: number,
    seqs: readonly number[],
  ): Promise<OpenDelivery> => {
    const [made] = await cutAll([{ from, to: Math.max(from, ...seqs), batches: batchesOf(seqs) }], lease);
    if (!made?.[0]) throw new Error('the cut was refused');
    return made[0];
  };

  const attemptFor = ({ kind }: DeliveryVerdict): DeliveryAttempt => attemptAt(++tick, attempts[kind]);

  return {
    acquire,
    /** The next attempt, as one that ends so. */
    attemptFor,
    cutAll,
    /** A cut of one delivery. */
    cutOne,
    settleAll,

    create: (more: Partial<EndpointSettings> = {}): Promise<Endpoint> =>
      store.endpointsWriter.create({
        settings: { ...settings, ...more },
        start: 'now',
        secret,
        now: testStart,
      }),

    /** A new endpoint, served by us. */
    serve: async (): Promise<{ id: string; lease: EndpointLease }> => {
      const { id } = await store.endpointsWriter.create({
        settings,
        start: 'beginning',
        secret,
        now: testStart,
      });
      const lease = (await acquire()).find(({ endpoint }) => endpoint.id === id)?.lease;
      if (!lease) throw new Error('a new endpoint is free');
      return { id, lease };
    },

    cut: async (lease: EndpointLease, from: number, to: number, ...batches: (readonly number[])[]) => {
      const [made] = await cutAll([{ from, to, batches: batchesOf(...batches) }], lease);
      return made;
    },

    settle: async (
      lease: EndpointLease,
      { id }: Pick<OpenDelivery, 'id'>,
      verdict: DeliveryVerdict,
      more: Partial<DeliverySettlement> = {},
    ): Promise<boolean> => {
      const [isTaken] = await settleAll([{ deliveryId: id, verdict, ...more }], lease);
      return isTaken ?? false;
    },

    /** One delivery of the messages, settled. */
    conclude: async (
      lease: EndpointLease,
      from: number,
      seqs: readonly number[],
      verdict: DeliveryVerdict,
    ): Promise<string> => {
      const delivery = await cutOne(lease, from, seqs);
      await settleAll([{ deliveryId: delivery.id, verdict }], lease);
      return delivery.id;
    },
  };
}
