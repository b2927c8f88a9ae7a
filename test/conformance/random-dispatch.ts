import fc from 'fast-check';
import type { DeliveryState, DeliveryVerdict } from '../../src/domain/delivery.js';
import type { EndpointLease, OpenDelivery } from '../../src/store/deliveries.js';
import { testStart } from '../support/temporary-store.js';
import { dead, delivered, driveDispatch, halvedInto, released, retryAt } from './dispatch-driver.js';
import type { StoreUnderTest } from './store-under-test.js';

/** One thing that happens to deliveries. A late one is tried by a former holder of the lease. */
export type DispatchStep =
  | {
      readonly kind: 'cut';
      readonly endpoint: number;
      readonly sizes: readonly number[];
      /** Messages that are held back in front of each batch, and released with the next cut. */
      readonly held: number;
      readonly isLate: boolean;
    }
  | {
      readonly kind: 'settle';
      readonly endpoint: number;
      readonly which: number;
      readonly verdict: DeliveryVerdict['kind'];
      readonly isLate: boolean;
      readonly isTwice: boolean;
    }
  | { readonly kind: 'replay'; readonly delivery: number }
  | { readonly kind: 'take-over' }
  | { readonly kind: 'reopen' };

const endpoint = fc.nat(1);
const rarely = fc.integer({ min: 0, max: 5 }).map((number) => number === 0);

export const anyDispatch: fc.Arbitrary<DispatchStep[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('cut' as const),
        endpoint,
        sizes: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 3 }),
        held: fc.nat(2),
        isLate: rarely,
      }),
    },
    {
      weight: 12,
      arbitrary: fc.record({
        kind: fc.constant('settle' as const),
        endpoint,
        which: fc.nat(10),
        verdict: fc.constantFrom<DeliveryVerdict['kind'][]>(
          'delivered',
          'retry',
          'dead',
          'halved',
          'released',
        ),
        isLate: rarely,
        isTwice: rarely,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('replay' as const), delivery: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.constantFrom<DispatchStep>({ kind: 'take-over' }, { kind: 'reopen' }) },
  ),
  { maxLength: 60, size: 'max' },
);

/** What whoever cuts and settles has been told, endpoint by endpoint. */
export interface Told {
  readonly id: string;
  /** What was taken by a cut, in the order in which it is to be pushed. */
  readonly selected: number[];
  readonly ended: Map<string, DeliveryState>;
  /** Attempts that were taken, and those of them that count. */
  readonly attempts: Map<string, { all: number; counted: number }>;
}

interface Player extends Told {
  lease: EndpointLease;
  cursor: number;
  held: number[];
}

/** Plays steps on a store, and throws where an answer is not the one that there must be. */
export async function playDispatch(
  first: StoreUnderTest,
  steps: readonly DispatchStep[],
): Promise<{ store: StoreUnderTest; told: readonly Told[] }> {
  let store = first;
  let now = testStart;
  const players: Player[] = [];
  for (let count = 0; count < 2; count++) {
    const { id, lease } = await driveDispatch(store).serve();
    const told = { id, selected: [], ended: new Map(), attempts: new Map() };
    players.push({ ...told, lease, cursor: 0, held: [] });
  }

  const syncSources = async (): Promise<void> => {
    now += 60_000;
    for (const { endpoint: taken, lease } of await driveDispatch(store).acquire(now)) {
      const player = players.find(({ id }) => id === taken.id);
      if (!player) throw new Error('an endpoint that nobody made');
      if (taken.cursor !== player.cursor) throw new Error(`the cursor stands at ${taken.cursor}`);
      player.lease = lease;
    }
  };

  const take = async (step: DispatchStep): Promise<void> => {
    if (step.kind === 'take-over') return syncSources();
    if (step.kind === 'reopen') {
      store = await store.reopen();
      return syncSources();
    }
    if (step.kind === 'replay') {
      await store.replaysWriter.replayDelivery(`d${step.delivery}`, 'again', now);
      return;
    }
    const player = players[step.endpoint];
    if (!player) throw new Error('there are two endpoints');
    const lease = step.isLate ? { ...player.lease, generation: player.lease.generation - 1 } : player.lease;
    await (step.kind === 'cut' ? cut(store, player, lease, step) : settle(store, player, lease, step));
  };

  try {
    for (const step of steps) await take(step);
  } catch (error) {
    await store.close();
    throw error;
  }
  return { store, told: players };
}

async function cut(
  store: StoreUnderTest,
  player: Player,
  lease: EndpointLease,
  { sizes, held, isLate }: Extract<DispatchStep, { kind: 'cut' }>,
): Promise<void> {
  let next = player.cursor;
  const waiting = [...player.held];
  const batches = sizes.map((size) => {
    const seqs = waiting.splice(0, 1);
    for (let count = 0; count < held; count++) waiting.push(++next);
    while (seqs.length < size) seqs.push(++next);
    return seqs;
  });
  const made = await driveDispatch(store).cut(lease, player.cursor, next, ...batches);
  if (isLate !== (made === undefined)) throw new Error('a late cut is refused, and no other');
  if (!made) return;
  player.cursor = next;
  player.held = waiting;
  player.selected.push(...batches.flat());
}

async function settle(
  store: StoreUnderTest,
  player: Player,
  lease: EndpointLease,
  { which, verdict: kind, isLate, isTwice }: Extract<DispatchStep, { kind: 'settle' }>,
): Promise<void> {
  const open = await store.deliveries.open(player.id, 1_000);
  const delivery = open[which % open.length];
  if (!delivery || (kind === 'halved' && delivery.seqs.length < 2)) return;
  const verdict = toVerdict(kind, delivery);
  const once = { attempt: driveDispatch(store).attemptFor(verdict) };
  const isTaken = await driveDispatch(store).settle(lease, delivery, verdict, once);
  if (isTaken === isLate) throw new Error('a late settlement is refused, and no other');
  if (isTwice && (await driveDispatch(store).settle(lease, delivery, verdict, once)) !== isTaken) {
    throw new Error('a repeated settlement is answered as the first');
  }
  if (!isTaken) return;
  const before = player.attempts.get(delivery.id) ?? { all: 0, counted: 0 };
  const counted = before.counted + (kind === 'released' ? 0 : 1);
  player.attempts.set(delivery.id, { all: before.all + 1, counted });
  if (kind === 'delivered' || kind === 'dead') player.ended.set(delivery.id, kind);
}

function toVerdict(kind: DeliveryVerdict['kind'], { seqs, attempts }: OpenDelivery): DeliveryVerdict {
  switch (kind) {
    case 'delivered':
      return delivered;
    case 'dead':
      return dead;
    case 'released':
      return released;
    case 'retry':
      return retryAt(testStart + attempts);
    case 'halved': {
      const middle = Math.ceil(seqs.length / 2);
      return halvedInto(seqs.slice(0, middle), seqs.slice(middle));
    }
  }
}
