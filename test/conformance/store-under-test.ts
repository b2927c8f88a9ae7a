import { afterEach, beforeEach } from 'vitest';
import type { Asset, DownloadVerdict, RecordingState } from '../../src/domain/recording.js';
import { recordingStates } from '../../src/domain/recording.js';
import { Projector } from '../../src/project/projector.js';
import { createVendorTime } from '../../src/protocol/vendor-time.js';
import type { Call } from '../../src/store/calls.js';
import type { InboxReader } from '../../src/store/inbox.js';
import type { AppendResult, NewMessage, NewQuarantineItem } from '../../src/store/journal.js';
import type { ProjectionRebuild } from '../../src/store/projection.js';
import type { ClaimedDownload, ClaimRequest, Recording } from '../../src/store/recordings.js';
import type { Store } from '../../src/store/store.js';
import { makeMessage, type Fields } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';

/** A store with every role that a back end must play; opened empty, and gone once closed. */
export interface StoreUnderTest extends Omit<Store, 'close'> {
  readonly inboxReader: InboxReader;
  readonly rebuild: ProjectionRebuild;
  /** As the next process finds it; this one is closed. */
  reopen(): Promise<StoreUnderTest>;
  close(): Promise<void>;
}

export type OpenStore = () => Promise<StoreUnderTest>;

export const toInstant = createVendorTime('Asia/Shanghai');

/** A fresh store for each test of the suite it is called in. */
export function useStore(open: OpenStore): () => DrivenStore {
  let current: DrivenStore | undefined;
  beforeEach(async () => {
    current = drive(await open());
  });
  afterEach(async () => {
    await current?.close();
  });
  return () => {
    if (!current) throw new Error('the store is there within a test only');
    return current;
  };
}

export type DrivenStore = ReturnType<typeof drive>;

/** The store, with the few sentences that tests are made of. */
export function drive(store: StoreUnderTest) {
  const projector = new Projector({ journal: store.journal, projection: store.projection, toInstant });

  const project = async (): Promise<void> => {
    while (await projector.step());
  };

  const append = (
    messages: readonly (NewMessage | Fields)[],
    quarantined: readonly NewQuarantineItem[] = [],
    sortedUpTo?: number,
  ): Promise<AppendResult> =>
    store.journalWriter.append({
      messages: messages.map((message) => (isMessage(message) ? message : makeMessage(message))),
      quarantined,
      ...(sortedUpTo === undefined ? {} : { sortedUpTo }),
    });

  const claim = (request: Partial<ClaimRequest> = {}): Promise<ClaimedDownload[]> =>
    store.downloads.claim({
      now: testStart,
      leaseMs: 15_000,
      limit: 100,
      perHost: 100,
      running: {},
      ...request,
    });

  const settle = (
    { id, generation }: Pick<ClaimedDownload, 'id' | 'generation'>,
    verdict: DownloadVerdict,
    now = testStart,
  ): Promise<boolean> =>
    store.downloads.settle({ id, generation, verdict, now, ...attemptFor(verdict, now) });

  return {
    ...store,
    append,
    project,
    claim,
    settle,

    /** Messages arrive and are projected. */
    take: async (...messages: (NewMessage | Fields)[]): Promise<void> => {
      await append(messages);
      await project();
    },

    /** The one recording of a call. */
    recordingOf: async (callId: string): Promise<Recording> => {
      const { items } = await store.recordings.list({ callId, limit: 2 });
      if (items.length !== 1 || !items[0]) throw new Error(`${callId} has ${items.length} recordings`);
      return items[0];
    },

    /** Claims the one recording of a call and settles it. */
    conclude: async (callId: string, verdict: DownloadVerdict, now = testStart): Promise<void> => {
      const lease = (await claim({ now })).find((download) => download.callId === callId);
      if (!lease) throw new Error(`nothing of ${callId} is due`);
      if (!(await settle(lease, verdict, now))) throw new Error('the lease was not ours');
      await project();
    },

    /** Everything that can be asked of calls and recordings. */
    everything: async () => {
      const { items: calls } = await store.calls.search({ limit: 100_000 });
      const recordings: Record<string, Recording[]> = {};
      for (const state of recordingStates) {
        recordings[state] = (await store.recordings.list({ state, limit: 100_000 })).items;
      }
      const byState: Record<string, string[]> = {};
      for (const state of recordingStates) byState[state] = await idsIn(store, state);
      return {
        calls,
        recordings,
        byState,
        counts: await store.recordings.counts(),
        nextDeadlineAt: await store.recordings.nextDeadlineAt(),
      };
    },
  };
}

async function idsIn(store: StoreUnderTest, state: RecordingState): Promise<string[]> {
  return (await store.calls.search({ state, limit: 100_000 })).items.map(({ callId }) => callId);
}

function isMessage(message: NewMessage | Fields): message is NewMessage {
  return 'digest' in message && message['digest'] instanceof Uint8Array;
}

export const idsOf = (calls: readonly Pick<Call, 'callId'>[]): string[] => calls.map(({ callId }) => callId);

export const asset: Asset = {
  bytes: 250_000,
  sha256: 'ab'.repeat(32),
  container: 'wav',
  codec: 'pcm-alaw',
  channels: 2,
  sampleRate: 8_000,
  seconds: 124.75,
  archivedAt: testStart + 1_234,
  fileName: '2025/05/22/1^1.wav',
};

export const archived = { kind: 'archived', asset, flags: [] } as const satisfies DownloadVerdict;
export const lost: DownloadVerdict = { kind: 'lost', reason: 'expired' };
export const blocked: DownloadVerdict = { kind: 'blocked', reason: 'host-not-allowed' };
export const released: DownloadVerdict = { kind: 'released' };
export const retryAt = (nextAttemptAt: number): DownloadVerdict => ({ kind: 'retry', nextAttemptAt });

function attemptFor(verdict: DownloadVerdict, at: number) {
  const facts = {
    archived: { outcome: 'ok', reason: 'archived' },
    retry: { outcome: 'retry', reason: 'not-found' },
    lost: { outcome: 'refuse', reason: 'expired' },
    blocked: { outcome: 'refuse', reason: 'host-not-allowed' },
    released: { outcome: 'aborted', reason: 'stopped' },
  } as const;
  if (verdict.kind === 'put-off') return {};
  return { attempt: { at, ...facts[verdict.kind], durationMs: 12, bytes: 0 } };
}
