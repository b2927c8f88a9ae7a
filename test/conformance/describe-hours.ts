import { describe, expect, it } from 'vitest';
import { testStart } from '../support/temporary-store.js';
import { useStore, type OpenStore } from './store-under-test.js';

const hour = 3_600_000;

export function describeHours(open: OpenStore): void {
  const store = useStore(open);

  describe('figures by the hour', () => {
    it('add up, whoever counts', async () => {
      const figures = [
        { hour: testStart, name: 'pushes', value: 3 },
        { hour: testStart + hour, name: 'archivedBytes', value: 5_000_000_000 },
      ] as const;
      await Promise.all([
        store().hours.add(figures),
        store().hours.add([...figures].reverse()),
        store().hours.add([{ hour: testStart, name: 'messages', value: 1 }]),
      ]);
      expect(await store().hours.since(testStart)).toEqual([
        { hour: testStart, name: 'messages', value: 1 },
        { hour: testStart, name: 'pushes', value: 6 },
        { hour: testStart + hour, name: 'archivedBytes', value: 10_000_000_000 },
      ]);
      expect(await store().hours.since(testStart + 1)).toHaveLength(1);
    });

    it('are swept by their age, a few at a time', async () => {
      await store().hours.add(
        [0, 1, 2, 3].map((age) => ({ hour: testStart + age * hour, name: 'pushes', value: 1 })),
      );
      expect(await store().hours.sweep(testStart + 3 * hour, 2)).toBe(2);
      expect(await store().hours.sweep(testStart + 3 * hour, 2)).toBe(1);
      expect(await store().hours.since(0)).toHaveLength(1);
    });
  });
}
