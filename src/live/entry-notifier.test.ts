import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EntryNotifier } from './entry-notifier.js';

let journal: { seq: number; looks: number; lastSeq: () => Promise<number> };
let notifier: EntryNotifier;
beforeEach(() => {
  vi.useFakeTimers();
  journal = {
    seq: 5,
    looks: 0,
    lastSeq: () => {
      journal.looks++;
      return Promise.resolve(journal.seq);
    },
  };
  notifier = new EntryNotifier(journal);
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** Begins a wait and tells whether it has ended. */
function begin(signal = new AbortController().signal, version = notifier.version) {
  const wait = { isOver: false };
  void notifier.wait(version, signal).then(() => (wait.isOver = true));
  return wait;
}

describe('the notifier of the feed', () => {
  it('wakes everybody who waits', async () => {
    const waits = Array.from({ length: 1000 }, () => begin());
    await vi.advanceTimersByTimeAsync(10);
    expect(waits.some(({ isOver }) => isOver)).toBe(false);
    notifier.notify();
    await vi.advanceTimersByTimeAsync(0);
    expect(waits.every(({ isOver }) => isOver)).toBe(true);
  });

  it('misses no notification between a look at the journal and the wait', async () => {
    const { version } = notifier;
    notifier.notify();
    const wait = begin(undefined, version);
    await vi.advanceTimersByTimeAsync(0);
    expect(wait.isOver).toBe(true);
  });

  it('finds what was written without a notification, with one look a second for all', async () => {
    begin();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(journal.looks).toBe(1);
    // The first look knows nothing to compare with.
    const waits = Array.from({ length: 100 }, () => begin());
    await vi.advanceTimersByTimeAsync(3_500);
    expect([journal.looks, waits.some(({ isOver }) => isOver)]).toEqual([4, false]);
    journal.seq++;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(waits.every(({ isOver }) => isOver)).toBe(true);
  });

  it('lets those who leave go, and looks no more when nobody waits', async () => {
    const leave = new AbortController();
    const wait = begin(leave.signal);
    leave.abort();
    await vi.advanceTimersByTimeAsync(5_000);
    expect([wait.isOver, journal.looks]).toEqual([true, 0]);
    expect(begin(leave.signal).isOver).toBe(false);
  });

  it('wakes those who wait when the journal cannot be read: they shall hear of it', async () => {
    journal.lastSeq = () => Promise.reject(new Error('away'));
    const wait = begin();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(wait.isOver).toBe(true);
  });

  it('lets nobody wait once it has ended', async () => {
    const before = begin();
    notifier.end();
    const after = begin();
    await vi.advanceTimersByTimeAsync(0);
    expect([before.isOver, after.isOver, notifier.isEnded]).toEqual([true, true, true]);
  });
});
