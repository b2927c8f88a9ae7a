import { describe, expect, it } from 'vitest';
import { createReadiness } from './readiness.js';

function open() {
  const state = {
    now: 0,
    probes: 0,
    lastFailureAt: undefined as number | undefined,
    lastFullAt: undefined as number | undefined,
    roomFullAt: undefined as number | undefined,
    probe: () => Promise.resolve(),
  };
  const ask = createReadiness(
    {
      probe: () => {
        state.probes++;
        return state.probe();
      },
    },
    {
      get lastFailureAt() {
        return state.lastFailureAt;
      },
      get lastFullAt() {
        return state.lastFullAt;
      },
    },
    {
      get lastFullAt() {
        return state.roomFullAt;
      },
    },
    () => state.now,
  );
  return { state, ask };
}

describe('readiness', () => {
  it('is there while the inbox can be written', async () => {
    const { ask } = open();
    expect(await ask()).toEqual({ ready: true });
  });

  it('asks the inbox twice a second at most, however often it is asked', async () => {
    const { state, ask } = open();
    for (const at of [0, 100, 499]) {
      state.now = at;
      await ask();
    }
    expect(state.probes).toBe(1);
    state.now = 500;
    await ask();
    expect(state.probes).toBe(2);
  });

  it('is gone, with the reason, while the inbox cannot be written, and mends itself', async () => {
    const { state, ask } = open();
    state.probe = () => Promise.reject(new Error('database or disk is full'));
    expect(await ask()).toEqual({
      ready: false,
      reason: 'The inbox cannot be written: database or disk is full.',
    });
    state.probe = () => Promise.resolve();
    state.now = 500;
    expect(await ask()).toEqual({ ready: true });
  });

  it('is gone for two seconds after a push was refused', async () => {
    const { state, ask } = open();
    state.now = 10_000;
    state.lastFailureAt = 9_000;
    expect(await ask()).toMatchObject({ ready: false });
    state.now = 11_000;
    expect(await ask()).toEqual({ ready: true });
  });

  it.each(['lastFullAt', 'roomFullAt'] as const)(
    'is gone for two seconds after room ran out (%s)',
    async (full) => {
      const { state, ask } = open();
      state.now = 10_000;
      state[full] = 9_000;
      expect(await ask()).toMatchObject({
        ready: false,
        reason: expect.stringContaining('too many') as string,
      });
      state.now = 11_000;
      expect(await ask()).toEqual({ ready: true });
    },
  );

  it('is gone where the inbox does not answer in the time that a push has', async () => {
    const { state, ask } = open();
    let answer: () => void = () => undefined;
    state.probe = () => new Promise((resolve) => (answer = resolve));
    expect(await ask()).toMatchObject({ ready: false, reason: expect.stringContaining('650 ms') as string });
    answer();
  });
});
