import { expect } from 'vitest';
import { StoreMove } from '../../src/move/store-move.js';
import { Projector } from '../../src/project/projector.js';
import { messageTypes } from '../../src/protocol/message.js';
import type { CopySource, CopyTarget } from '../../src/store/copying.js';
import { eventTypes, type JournalReader } from '../../src/store/journal.js';
import type { Projection } from '../../src/store/projection.js';
import { drive, toInstant, type StoreUnderTest } from '../conformance/store-under-test.js';
import { tellPeople } from './everybody.js';

const entryTypes = [...messageTypes, ...eventTypes];

export interface CopyEnds {
  readonly source: CopySource;
  readonly sourceJournal: JournalReader;
  readonly target: CopyTarget;
  readonly copied: CopySource;
  readonly journal: JournalReader;
  readonly projection: Projection;
}

export function moveBetween({
  source,
  sourceJournal,
  target,
  copied,
  journal,
  projection,
}: CopyEnds): StoreMove {
  const projector = new Projector({ journal, projection, toInstant });
  const project = async (): Promise<number> => {
    while (await projector.step());
    return (await journal.cursors()).projector;
  };
  return new StoreMove({ source, sourceJournal, target, copied, project, onProgress: () => undefined });
}

/** The whole of a move whose source is at rest. */
export async function moveAll(ends: CopyEnds): Promise<void> {
  const move = moveBetween(ends);
  await ends.target.begin('a source');
  await move.catchUp();
  await settleAndCheck(move);
  await ends.target.finish();
}

export async function settleAndCheck(move: StoreMove): Promise<void> {
  await move.settle();
  expect(await move.checkJournal()).toBeUndefined();
  expect(await move.compareCounts()).toEqual([]);
}

/** Everything that can be asked of a store. Recordings by day or by id come in the order of their ids. */
export async function tellAll(store: StoreUnderTest): Promise<unknown> {
  const everything = await drive(store).everything();
  const recordings = Object.values(everything.recordings).flat();
  const endpoints = await store.endpoints.list();
  const { items: deliveries } = await store.deliveries.list({ limit: 100_000 });
  const { items: quarantined } = await store.quarantine.list({ limit: 100_000 });
  return {
    everything,
    downloads: await tellEach(recordings, ({ id }) => store.recordings.attempts(id)),
    feed: await store.journal.read(0, 100_000, entryTypes),
    calls: await tellEach(everything.calls, async ({ callId }) => ({
      call: await store.calls.get(callId),
      entries: await store.journal.ofCall(callId, true),
    })),
    cursors: await store.journal.cursors(),
    pushes: (await store.inboxReader.read(0, 100_000, 1e9)).map(readable),
    endpoints: await tellEach(endpoints, async (endpoint) => ({
      endpoint,
      tally: await store.endpoints.tally(endpoint.id),
      open: await store.deliveries.open(endpoint.id, 100_000),
      covered: await store.deliveries.covered(endpoint.id, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 70_000]),
      replays: await store.replays.list(endpoint.id),
      dead: await store.replays.countDead(endpoint.id),
    })),
    deliveries: await tellEach(deliveries, async (delivery) => ({
      delivery,
      attempts: await store.deliveries.attempts(delivery.id),
      seqs: await store.deliveries.seqs(delivery.id),
    })),
    quarantined: await tellEach(quarantined, async ({ id }) => {
      const kept = await store.quarantine.get(id);
      return kept && readable(kept);
    }),
    people: await tellPeople(
      store,
      everything.calls.map(({ callId }) => callId),
    ),
    apiKeys: await store.apiKeys.list(),
    linkKeys: await store.linkKeys.list(),
  };
}

/** Back ends give bytes in different classes. */
function readable<T extends { readonly body: Uint8Array }>(kept: T): unknown {
  return { ...kept, body: Buffer.from(kept.body).toString('hex') };
}

async function tellEach<T>(items: readonly T[], tell: (item: T) => Promise<unknown>): Promise<unknown[]> {
  const told: unknown[] = [];
  for (const item of items) told.push(await tell(item));
  return told;
}
