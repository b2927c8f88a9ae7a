import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDownloadBench } from '../../test/support/download-bench.js';
import type { Recording, RetryAnswer } from '../store/recordings.js';
import { reviewHeld } from './held-recordings.js';

let bench: Awaited<ReturnType<typeof openDownloadBench>>;
let retried: string[];
beforeEach(async () => {
  bench = await openDownloadBench();
  retried = [];
  await hold('r1');
});
afterEach(() => bench.close());

async function hold(id: string): Promise<void> {
  const draft = await bench.storage.openDraft(id);
  await draft.write(Buffer.from('a whole recording'));
  await draft.abandon({ isWhole: true, sha256: '0'.repeat(64) });
}

function review(told: Partial<Recording> | undefined, answer: RetryAnswer = 'accepted') {
  const recording: Recording | undefined = told && {
    ...{
      id: 'r1',
      callId: '1^1',
      state: 'pending',
      host: 'h',
      path: '/p',
      deadlineAt: 1,
      attempts: 2,
      flags: [],
    },
    ...told,
  };
  return reviewHeld({
    storage: bench.storage,
    recordings: { get: () => Promise.resolve(recording) },
    recordingsWriter: {
      retryNow: (id) => {
        retried.push(id);
        return Promise.resolve(answer);
      },
    },
    clock: () => 5,
  });
}

describe('a recording whose bytes are all here', () => {
  it.each(['expired', 'deadline-passed'] as const)(
    'is due again when another machine found its link dead (%s)',
    async (reason) => {
      expect(await review({ state: 'lost', reason })).toBe(1);
      expect([retried, await bench.storage.wholeDrafts()]).toEqual([['r1'], ['r1']]);
    },
  );

  it.each([
    ['another machine archived it', { state: 'archived' }],
    ['somebody deleted it', { state: 'lost', reason: 'deleted' }],
  ] as const)('leaves nothing here when %s', async (_, told) => {
    expect(await review(told)).toBe(0);
    expect([retried, await bench.draftFiles()]).toEqual([[], []]);
  });

  it('waits for its turn while it is pending, or nobody knows of it yet', async () => {
    for (const told of [{ state: 'pending', reason: 'storage-failed' } as const, undefined]) {
      expect(await review(told)).toBe(0);
    }
    expect([retried, await bench.storage.wholeDrafts()]).toEqual([[], ['r1']]);
  });

  it('is left to the attempt that has just begun', async () => {
    const draft = await bench.storage.openDraft('r1');
    expect(await review({ state: 'archived' })).toBe(0);
    await draft.abandon(draft.kept.mark);
    expect(await bench.storage.wholeDrafts()).toEqual(['r1']);
  });
});
