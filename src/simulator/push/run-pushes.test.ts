import { describe, expect, it } from 'vitest';
import { deliverPush, type AttemptNotice, createSlots } from './run-pushes.js';
import type { AttemptResult } from './push-attempt.js';
import { plainBody } from './push-body.js';

const failed: AttemptResult = { kind: 'failed', reason: 'status-503', isAnswered: true, latencyMs: 5 };
const acknowledged: AttemptResult = { kind: 'acknowledged', latencyMs: 5 };

/** Delivers one push to a peer that answers as scripted, on a clock that only waits move. */
async function deliver(
  script: readonly AttemptResult[],
  timeScale = 1,
): Promise<{ end: string; attemptsAtMs: number[]; notices: AttemptNotice[] }> {
  let now = 0;
  const attemptsAtMs: number[] = [];
  const notices: AttemptNotice[] = [];
  const end = await deliverPush(plainBody([]), {
    client: {
      attempt() {
        attemptsAtMs.push(now);
        now += 700;
        return Promise.resolve(script[attemptsAtMs.length - 1] ?? failed);
      },
    },
    slots: createSlots(1),
    wait(ms) {
      now += ms;
      return Promise.resolve();
    },
    timeScale,
    signal: new AbortController().signal,
    onAttempt: (notice) => notices.push(notice),
  });
  return { end, attemptsAtMs, notices };
}

describe('a push', () => {
  it('that is acknowledged is sent once', async () => {
    expect(await deliver([acknowledged])).toMatchObject({ end: 'acknowledged', attemptsAtMs: [0] });
  });

  it('is tried again 1, 5 and 10 minutes after the failure before, then given up', async () => {
    const { end, attemptsAtMs, notices } = await deliver([]);
    expect(end).toBe('given-up');
    expect(attemptsAtMs).toEqual([0, 60_700, 361_400, 962_100]);
    expect(notices.map(({ retryInMs }) => retryInMs)).toEqual([60_000, 300_000, 600_000, undefined]);
  });

  it('is tried no more once it was acknowledged', async () => {
    const { end, attemptsAtMs } = await deliver([failed, failed, acknowledged]);
    expect(end).toBe('acknowledged');
    expect(attemptsAtMs).toHaveLength(3);
  });

  it('waits shorter by the time scale', async () => {
    const { attemptsAtMs } = await deliver([], 60);
    expect(attemptsAtMs).toEqual([0, 1700, 7400, 18_100]);
  });

  it('ends as stopped when the sender is', async () => {
    const { end, notices } = await deliver([failed, { kind: 'stopped' }]);
    expect(end).toBe('stopped');
    expect(notices).toHaveLength(1);
  });
});
