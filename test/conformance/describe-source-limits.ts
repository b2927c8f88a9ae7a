import { describe, expect, it } from 'vitest';
import { testStart } from '../support/temporary-store.js';
import { useStore, type OpenStore } from './store-under-test.js';

const dayMs = 86_400_000;

export function describeSourceLimits(open: OpenStore): void {
  const store = useStore(open);

  describe('the limits of a source', () => {
    it('are what was set last, by its name', async () => {
      const { sourceLimits } = store();
      const odd = { name: 'default', pushBytesPerDay: Number.MAX_SAFE_INTEGER };
      await sourceLimits.set(odd);
      await sourceLimits.set({ name: 'constructor', recordingHosts: ['a.test', '[::1]:80'] });
      await sourceLimits.set({ name: 'east', pushBytesPerDay: 1, recordingHosts: ['*'] });
      await sourceLimits.set({ name: 'east', pushBytesPerDay: 2 });
      await sourceLimits.set({ name: 'north', recordingBytesPerDay: 5_000_000_000 });
      await sourceLimits.set({ name: 'west', pushBytesPerDay: 2, recordingBytesPerDay: 3 });
      await sourceLimits.set({ name: 'west' });
      expect(await sourceLimits.list()).toEqual([
        { name: 'constructor', recordingHosts: ['a.test', '[::1]:80'] },
        odd,
        { name: 'east', pushBytesPerDay: 2 },
        { name: 'north', recordingBytesPerDay: 5_000_000_000 },
      ]);
    });
  });

  describe('the day of a source', () => {
    const count = (day: number, pushBytes: number, refusedPushes = 0, recordingBytes = 0) =>
      store().sourceLimits.count([{ name: 'east', day, pushBytes, refusedPushes, recordingBytes }]);
    const days = () => store().sourceLimits.days();

    it('is counted by many at a time, and begins anew with the next', async () => {
      await Promise.all([1, 2, 3, 4].map(() => count(testStart, 10, 1, 2_000_000_000)));
      await count(testStart, -5);
      const recordingBytes = 8_000_000_000;
      expect(await days()).toEqual([
        { name: 'east', day: testStart, pushBytes: 35, refusedPushes: 4, recordingBytes },
      ]);
      await count(testStart + dayMs, 7);
      // A process whose clock is a little behind.
      await count(testStart, 100, 100, 100);
      expect(await days()).toEqual([
        { name: 'east', day: testStart + dayMs, pushBytes: 7, refusedPushes: 0, recordingBytes: 0 },
      ]);
    });

    it('is not kept from beginning by a clock that was wrong', async () => {
      await count(testStart + 400 * dayMs, 1_000, 9, 9);
      await count(testStart, 3);
      expect(await days()).toEqual([
        { name: 'east', day: testStart, pushBytes: 3, refusedPushes: 0, recordingBytes: 0 },
      ]);
    });
  });
}
