import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordingStates } from '../../src/domain/recording.js';
import { rebuildProjection } from '../../src/project/projector.js';
import { messageTypes } from '../../src/protocol/message.js';
import { eventTypes } from '../../src/store/journal.js';
import { anyHistory, play } from './random-history.js';
import { drive, toInstant, type DrivenStore, type OpenStore } from './store-under-test.js';

const entryTypes = [...messageTypes, ...eventTypes];

export function describeHistories(open: OpenStore, numRuns: number): void {
  async function withStores(count: number, work: (...stores: DrivenStore[]) => Promise<void>): Promise<void> {
    const stores: DrivenStore[] = [];
    try {
      while (stores.length < count) stores.push(drive(await open()));
      await work(...stores);
    } finally {
      for (const store of stores) await store.close();
    }
  }

  const rebuild = (store: DrivenStore) => async (): Promise<void> => {
    await rebuildProjection({ journal: store.journal, rebuild: store.rebuild, toInstant }, () => undefined);
  };

  describe('whatever happened', () => {
    it('counts are true, and calls are found by the states that their recordings have', async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory, (history) =>
          withStores(1, async (store) => {
            if (!store) return;
            await play(store, history, rebuild(store));
            const { calls, recordings, byState, counts, nextDeadlineAt } = await store.everything();
            for (const state of recordingStates) {
              expect(counts[state]).toBe(recordings[state]?.length);
              expect(byState[state]).toEqual(
                calls
                  .filter((call) => call.recordings.some((each) => each.state === state))
                  .map(({ callId }) => callId),
              );
            }
            const total = calls.reduce((sum, call) => sum + call.recordings.length, 0);
            expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(total);
            expect(nextDeadlineAt).toBe(recordings['pending']?.[0]?.deadlineAt);
          }),
        ),
        { numRuns },
      );
    });

    it('a rebuild changes no answer, then or later', async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory, (history) =>
          withStores(2, async (plain, rebuilt) => {
            if (!plain || !rebuilt) return;
            const answers = await play(plain, history, () => Promise.resolve());
            expect(await play(rebuilt, [...history, { kind: 'rebuild' }], rebuild(rebuilt))).toEqual(answers);
            expect(await rebuilt.everything()).toEqual(await plain.everything());
            await plain.project();
            await rebuilt.project();
            expect(await rebuilt.everything()).toEqual(await plain.everything());
            expect(await rebuilt.journal.read(0, 1_000, entryTypes)).toEqual(
              await plain.journal.read(0, 1_000, entryTypes),
            );
          }),
        ),
        { numRuns },
      );
    });

    it('projecting at once or much later comes to the same calls', async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory, (history) =>
          withStores(2, async (often, once) => {
            if (!often || !once) return;
            const messages = history.filter(({ kind }) => kind === 'message' || kind === 'publish');
            await play(
              often,
              messages.flatMap((step) => [step, { kind: 'project' as const }]),
              rebuild(often),
            );
            await play(once, [...messages, { kind: 'project' }], rebuild(once));
            expect(await once.everything()).toEqual(await often.everything());
          }),
        ),
        { numRuns },
      );
    });

    it('the journal only grows at its end', async () => {
      await fc.assert(
        fc.asyncProperty(anyHistory, (history) =>
          withStores(1, async (store) => {
            if (!store) return;
            const half = Math.floor(history.length / 2);
            await play(store, history.slice(0, half), rebuild(store));
            const before = await store.journal.read(0, 1_000, entryTypes);
            await play(store, history.slice(half), rebuild(store));
            const after = await store.journal.read(0, 1_000, entryTypes);
            expect(after.slice(0, before.length)).toEqual(before);
            expect(after.map(({ seq }) => seq)).toEqual(after.map((_entry, index) => index + 1));
            expect(await store.journal.lastSeq()).toBe(after.length);
          }),
        ),
        { numRuns },
      );
    });
  });
}
