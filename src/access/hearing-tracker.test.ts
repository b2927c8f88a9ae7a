import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinStretches, secondsOf, type Stretch } from '../access/hearing-tracker.js';

const seconds = fc.integer({ min: 0, max: 20_000 }).map((tenths) => tenths / 10);
const stretches = fc.array(fc.tuple(seconds, seconds), { maxLength: 60 });

describe('what was heard', () => {
  it('is counted once, however often it was played', () => {
    const heard = joinStretches([
      [10, 20],
      [0, 5],
      [15, 25],
      [5, 6],
      [12, 13],
    ]);
    expect(heard).toEqual([
      [0, 6],
      [10, 25],
    ]);
    expect(secondsOf(heard)).toBe(21);
  });

  it('is every instant that was played and no other', () => {
    fc.assert(
      fc.property(stretches, seconds, (played, at) => {
        const holds = (all: readonly Stretch[]) => all.some(([from, to]) => from <= at && at < to);
        expect(holds(joinStretches(played))).toBe(holds(played));
      }),
    );
  });

  it('is the same when it is told in parts', () => {
    fc.assert(
      fc.property(stretches, stretches, (some, more) => {
        expect(joinStretches([...joinStretches(some), ...more])).toEqual(joinStretches([...some, ...more]));
      }),
    );
  });

  it('is kept in a hundred stretches, whatever is told', () => {
    const many = Array.from({ length: 500 }, (_, index): Stretch => [index * 2, index * 2 + 1]);
    const heard = joinStretches(many);
    expect(heard).toHaveLength(100);
    expect(heard.at(0)?.[0]).toBe(0);
    expect(heard.at(-1)?.[1]).toBe(999);
  });
});
