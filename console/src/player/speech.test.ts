import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lengthOf, silenceAt, silencesOf, type Stretch } from './speech.ts';

describe('silences', () => {
  it('are where nobody on any channel speaks', () => {
    const agent: Stretch[] = [[2, 4]];
    const customer: Stretch[] = [
      [3, 6],
      [9, 10],
    ];
    expect(silencesOf([agent, customer], 15)).toEqual([
      [0, 1.75],
      [6.25, 8.75],
      [10.25, 15],
    ]);
  });

  it('are not the short pauses of a conversation', () => {
    expect(
      silencesOf(
        [
          [
            [0.5, 2],
            [3, 5],
          ],
        ],
        5.5,
      ),
    ).toEqual([]);
  });

  it('are the whole of a recording in which nobody speaks', () => {
    expect(silencesOf([[], []], 20)).toEqual([[0, 20]]);
  });

  it('are found where one listens, but not at their very end', () => {
    const silences: Stretch[] = [[1, 3]];
    expect(silenceAt(silences, 1)).toEqual([1, 3]);
    expect(silenceAt(silences, 2.98)).toBeUndefined();
    expect(silenceAt(silences, 0.5)).toBeUndefined();
  });

  it('never cover anything that is spoken', () => {
    const stretch = fc
      .tuple(fc.double({ min: 0, max: 99, noNaN: true }), fc.double({ min: 0.1, max: 20, noNaN: true }))
      .map(([from, length]): Stretch => [from, Math.min(100, from + length)]);
    const channel = fc.array(stretch, { maxLength: 8 }).map((all) => all.sort(([a], [b]) => a - b));
    fc.assert(
      fc.property(fc.array(channel, { minLength: 1, maxLength: 2 }), (channels) => {
        const silences = silencesOf(channels, 100);
        expect(lengthOf(silences)).toBeLessThanOrEqual(100);
        for (const [from, to] of channels.flat())
          for (const [start, end] of silences) expect(end <= from || start >= to).toBe(true);
      }),
    );
  });
});
