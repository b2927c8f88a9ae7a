import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutBatches, type CutRule } from './cut-batches.js';
import type { Selected } from './select-messages.js';

const rule: CutRule = {
  ...{ batchSize: 3, maxBatchBytes: 100, maxBatches: 10 },
  ...{ takesPartial: true, lingerMs: 200, now: 1_000 },
};
const messages = (count: number, more: Partial<Selected> = {}): Selected[] =>
  Array.from({ length: count }, (_, i) => ({ seq: i + 1, readAt: i + 1, since: 1_000, size: 10, ...more }));
const sizes = (selected: readonly Selected[], more: Partial<CutRule> = {}) => {
  const { batches, rest } = cutBatches(selected, { ...rule, ...more });
  return [...batches.map(({ length }) => length), `rest ${rest.length}`];
};

describe('batches', () => {
  it('are cut when full; what is left waits for more, for as long as it may linger', () => {
    expect(sizes(messages(7))).toEqual([3, 3, 'rest 1']);
    expect(sizes(messages(7), { now: 1_200 })).toEqual([3, 3, 1, 'rest 0']);
    expect(sizes(messages(7), { now: 1_200, takesPartial: false })).toEqual([3, 3, 'rest 1']);
    expect(sizes(messages(2, { since: 5_000 }), { lingerMs: 0 })).toEqual(['rest 2']);
  });

  it('are no more than there is room for', () => {
    expect(sizes(messages(9), { maxBatches: 2 })).toEqual([3, 3, 'rest 3']);
  });

  it('hold no more bytes than they may, but one message at least', () => {
    expect(sizes(messages(4, { size: 60 }))).toEqual([1, 1, 1, 'rest 1']);
    expect(sizes(messages(3, { size: 1_000 }), { now: 1_200 })).toEqual([1, 1, 1, 'rest 0']);
  });

  it('never tear apart what one event released', () => {
    expect(sizes(messages(4, { readAt: 9 }))).toEqual([3, 1, 'rest 0']);
    expect(sizes(messages(9, { readAt: 9 }), { maxBatches: 1 })).toEqual([3, 3, 3, 'rest 0']);
  });

  it('are all of what was selected, in order, and end where the cursor can stand', () => {
    const selected = fc
      .array(fc.record({ more: fc.boolean(), size: fc.nat({ max: 80 }), since: fc.nat({ max: 1_300 }) }), {
        maxLength: 40,
      })
      .map((steps) => {
        let readAt = 1;
        return steps.map(({ more, ...rest }, i): Selected => ({
          seq: i + 1,
          readAt: more ? readAt : ++readAt,
          ...rest,
        }));
      });
    const rules = fc.record({
      batchSize: fc.integer({ min: 1, max: 7 }),
      maxBatches: fc.integer({ min: 1, max: 5 }),
      takesPartial: fc.boolean(),
    });
    fc.assert(
      fc.property(selected, rules, (all, more) => {
        const { batches, rest } = cutBatches(all, { ...rule, ...more });
        expect([...batches.flat(), ...rest]).toEqual(all);
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(more.batchSize);
        for (const batch of batches) expect(batch.length).toBeGreaterThan(0);
        const last = batches.at(-1)?.at(-1);
        if (last && rest[0]) expect(rest[0].readAt).toBeGreaterThan(last.readAt);
        expect(cutBatches(rest, { ...rule, ...more, maxBatches: 0 }).batches).toEqual([]);
      }),
    );
  });
});
