import { describe, expect, it } from 'vitest';
import { findReplayFault, firstChoice, toReplayRequest } from './replay-choice.ts';

describe('what is sent again', () => {
  it.each([
    [{}, { dead: true }],
    [{ kind: 'missed' as const, from: '2026-01-01T00:00' }, { missed: true }],
    [{ kind: 'time' as const, from: '2026-01-01T08:00' }, { from: new Date(2026, 0, 1, 8).toISOString() }],
    [
      { kind: 'seq' as const, afterSeq: 0, untilSeq: 7, onlyMissed: true },
      { afterSeq: 0, untilSeq: 7, missed: true },
    ],
    [{ kind: 'seq' as const, untilSeq: '7' }, { untilSeq: 7 }],
  ])('is asked for as the choice %j says', (choice, request) => {
    expect(findReplayFault({ ...firstChoice, ...choice })).toBeUndefined();
    expect(toReplayRequest({ ...firstChoice, ...choice })).toEqual(request);
  });

  it('needs a window that has a bound and does not end before it begins', () => {
    expect(findReplayFault({ ...firstChoice, kind: 'time' })).toBe('noWindow');
    expect(findReplayFault({ ...firstChoice, kind: 'seq' })).toBe('noWindow');
    expect(findReplayFault({ ...firstChoice, kind: 'seq', afterSeq: 5, untilSeq: 5 })).toBe('backwards');
    const window = { from: '2026-01-02T00:00', to: '2026-01-01T00:00' };
    expect(findReplayFault({ ...firstChoice, kind: 'time', ...window })).toBe('backwards');
  });
});
