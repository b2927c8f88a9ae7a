import { describe, expect, it, vi } from 'vitest';
import type { Delivery } from '../../../../../src/contract/deliveries.ts';
import type { Client } from '../../../client.ts';
import { replayCause } from './replay-cause.ts';

const cause = { endpointId: 'e', reason: 'timeout' };

function dead(id: string, more: Partial<Delivery> = {}): Delivery {
  return {
    ...{ id, endpointId: 'e', state: 'dead', webhookId: id, count: 1, firstSeq: 1, lastSeq: 1, attempts: 4 },
    ...{ reason: 'timeout', createdAt: '2026-01-01T00:00:00.000Z' },
    ...more,
  };
}

const pages = [
  { items: [dead('1'), dead('2', { reason: 'dns-failure' })], nextCursor: 'c' },
  { items: [dead('3', { replayedAs: '9' }), dead('4'), dead('5')] },
];

function openDeliveries() {
  const list = vi.fn<Client['deliveries']['list']>(({ cursor } = {}) =>
    Promise.resolve(cursor === undefined ? pages[0]! : pages[1]!),
  );
  const replay = vi.fn((id: string) => Promise.resolve(dead(id)));
  return { list, replay };
}

describe('a replay of one cause', () => {
  it('sends again what died of it, over all pages, and nothing twice', async () => {
    const deliveries = openDeliveries();
    const counts: number[] = [];
    const { signal } = new AbortController();
    const done = await replayCause(deliveries, cause, { signal, onDone: (count) => counts.push(count) });
    expect(done).toBe(3);
    expect(counts).toEqual([1, 2, 3]);
    expect(deliveries.replay.mock.calls.map(([id]) => id).sort()).toEqual(['1', '4', '5']);
    expect(deliveries.list.mock.calls.map(([query]) => query)).toEqual([
      { endpointId: 'e', state: 'dead', limit: 500 },
      { endpointId: 'e', state: 'dead', limit: 500, cursor: 'c' },
    ]);
  });

  it('stops where it is cancelled', async () => {
    const deliveries = openDeliveries();
    const stop = new AbortController();
    await replayCause(deliveries, cause, { signal: stop.signal, onDone: () => stop.abort() });
    expect(deliveries.replay).toHaveBeenCalledTimes(1);
    expect(deliveries.list).toHaveBeenCalledTimes(1);
  });
});
