import { describe, expect, it } from 'vitest';
import { until } from '../../test/support/until.js';
import { WakeSignal, runConsumer } from './consumer-loop.js';

describe('a consumer', () => {
  it('goes on at once while there is more, waits when there is not, and ends when it is told to', async () => {
    const stop = new AbortController();
    const answers = [true, true, false, true, false];
    let steps = 0;
    await runConsumer(
      {
        step: async () => {
          const more = answers[steps++] ?? false;
          if (steps === answers.length) stop.abort();
          return more;
        },
        idleMs: 1,
        failureMs: 60_000,
        onFailure: () => undefined,
      },
      stop.signal,
    );
    expect(steps).toBe(answers.length);
  });

  it('reports a failure and tries again, for ever', async () => {
    const stop = new AbortController();
    const failures: unknown[] = [];
    let steps = 0;
    await runConsumer(
      {
        step: () => {
          if (++steps === 5) stop.abort();
          return steps < 4 ? Promise.reject(new Error(`failure ${steps}`)) : Promise.resolve(true);
        },
        idleMs: 60_000,
        failureMs: 1,
        onFailure: (error) => failures.push((error as Error).message),
      },
      stop.signal,
    );
    expect(failures).toEqual(['failure 1', 'failure 2', 'failure 3']);
  });

  it('ends at once while it waits', async () => {
    const stop = new AbortController();
    const ended = runConsumer(
      { step: () => Promise.resolve(false), idleMs: 3_600_000, failureMs: 1, onFailure: () => undefined },
      stop.signal,
    );
    stop.abort();
    await ended;
  });

  it('reports nothing of a step that its end broke off', async () => {
    const stop = new AbortController();
    const failures: unknown[] = [];
    await runConsumer(
      {
        step: () => {
          stop.abort();
          return Promise.reject(new Error('closed'));
        },
        idleMs: 1,
        failureMs: 1,
        onFailure: (error) => failures.push(error),
      },
      stop.signal,
    );
    expect(failures).toEqual([]);
  });

  it('waits no longer once its wake rings, and remembers a ring that came while it worked', async () => {
    const stop = new AbortController();
    const wake = new WakeSignal();
    let steps = 0;
    const loop = runConsumer(
      {
        step: () => {
          steps++;
          if (steps === 2) wake.wake();
          if (steps === 3) stop.abort();
          return Promise.resolve(false);
        },
        ...{ idleMs: 3_600_000, failureMs: 3_600_000, onFailure: () => undefined, wake },
      },
      stop.signal,
    );
    await until(() => steps === 1, { what: 'the first step' });
    wake.wake();
    await loop;
    expect(steps).toBe(3);
  });
});
