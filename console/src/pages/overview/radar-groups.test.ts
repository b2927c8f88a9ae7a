import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toRadarGroups } from './radar-groups.ts';

describe('groups of the radar', () => {
  it('are finer where less time is left', () => {
    const hours = Array.from({ length: 170 }, () => 1);
    const groups = toRadarGroups({ overdue: 4, hours });
    expect(groups.map(({ name, recordings }) => [name, recordings])).toEqual([
      ['overdue', 4],
      ['hour', 1],
      ['sixHours', 5],
      ['day', 18],
      ['twoDays', 24],
      ['threeDays', 24],
      ['fiveDays', 48],
      ['later', 50],
    ]);
  });

  it('lose no recording, however many hours are told', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(1000), { maxLength: 400 }), (overdue, hours) => {
        const total = toRadarGroups({ overdue, hours }).reduce((sum, { recordings }) => sum + recordings, 0);
        expect(total).toBe(overdue + hours.reduce((sum, each) => sum + each, 0));
      }),
    );
  });
});
