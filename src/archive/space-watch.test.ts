import { pino } from 'pino';
import { expect, it } from 'vitest';
import { SpaceWatch } from './space-watch.js';
import type { DownloadResult } from './verdict.js';

function open() {
  const state = { now: 0, room: 1_000, held: ['r7'] };
  const storage = {
    draftRoom: () => Promise.resolve(state.room),
    wholeDrafts: () => Promise.resolve(state.held),
  };
  const watch = new SpaceWatch(storage, () => state.now, pino({ level: 'silent' }));
  return { state, watch };
}

const archived = { kind: 'archived' } as DownloadResult;
const full = (isHeld?: true): DownloadResult => ({
  kind: 'failed',
  failure: { outcome: 'retry', reason: 'no-space', ...(isHeld ? { isHeld } : {}) },
});

it('lets what is here whole be kept while the disk is short, and nothing else', async () => {
  const { state, watch } = open();
  expect(await watch.allowed(8)).toEqual({ slots: 8 });
  state.room = 0;
  expect(await watch.allowed(8)).toEqual({ slots: 1, only: ['r7'] });
  state.room = 1;
  expect(await watch.allowed(8)).toEqual({ slots: 8 });
});

it('leaves a disk that refuses bytes alone for a minute, then tries one at a time until one is kept', async () => {
  const { state, watch } = open();
  watch.ended(full());
  state.now = 59_999;
  expect(await watch.allowed(8)).toEqual({ slots: 0 });
  state.now = 60_000;
  expect(await watch.allowed(8)).toEqual({ slots: 1 });
  watch.ended(archived);
  expect(await watch.allowed(8)).toEqual({ slots: 8 });
});

it('tries again at once where the disk has got more room', async () => {
  const { state, watch } = open();
  watch.ended(full());
  expect(await watch.allowed(8)).toEqual({ slots: 0 });
  state.room = 64 * 1024 ** 2;
  expect(await watch.allowed(8)).toEqual({ slots: 8 });
});

it('goes on bringing bytes here while the storage is full, one recording at a time', async () => {
  const { watch } = open();
  watch.ended(full(true));
  expect(await watch.allowed(8)).toEqual({ slots: 1 });
});
