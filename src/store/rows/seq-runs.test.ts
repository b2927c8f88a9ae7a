import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromSeqRuns, toSeqRuns } from './delivery-row.js';

describe('the messages of a delivery as runs', () => {
  it.each([
    [[], ''],
    [[7], '7'],
    [[1, 2, 3], '1-3'],
    [[12, 13, 14, 115], '12-14,115'],
    [[5, 4, 3], '5,4,3'],
    [[9, 1, 2, 10], '9,1-2,10'],
    [[3, 3], '3,3'],
  ])('%j is %j', (seqs, text) => {
    expect(toSeqRuns(seqs)).toBe(text);
    expect(fromSeqRuns(text)).toEqual(seqs);
  });

  it('come back in their order, whatever it is', () => {
    const run = fc.tuple(fc.integer({ min: 1, max: 2 ** 53 - 200 }), fc.integer({ min: 1, max: 100 }));
    const runs = fc
      .array(run)
      .map((list) => list.flatMap(([first, length]) => Array.from({ length }, (_, index) => first + index)));
    fc.assert(
      fc.property(runs, (seqs) => {
        expect(fromSeqRuns(toSeqRuns(seqs))).toEqual(seqs);
      }),
    );
  });
});
