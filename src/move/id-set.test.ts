import fc from 'fast-check';
import { expect, it } from 'vitest';
import { IdSet } from './id-set.js';

it('holds what a set holds', () => {
  const id = fc.oneof(fc.nat(200), fc.nat(200_000), fc.integer({ min: 2 ** 40, max: 2 ** 40 + 9 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), id)), (steps) => {
      const [ids, expected] = [new IdSet(), new Set<number>()];
      for (const [adds, each] of steps) {
        if (adds) ids.add(each);
        else ids.delete(each);
        if (adds) expected.add(each);
        else expected.delete(each);
        expect(ids.has(each)).toBe(expected.has(each));
      }
      expect(ids.size).toBe(expected.size);
      for (const [, each] of steps) expect(ids.has(each)).toBe(expected.has(each));
    }),
  );
});
