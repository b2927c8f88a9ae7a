import { describe, expect, it, vi } from 'vitest';
import type { CurveProps } from './curve-props.ts';
import { toData } from './plot-options.ts';

const hourMs = 3_600_000;
const nowMs = Date.UTC(2026, 0, 1, 12);

const curve = (more: Partial<CurveProps>): CurveProps => ({
  ...{ summary: '', instantsMs: [], spanMs: hourMs, series: [], formatValue: String, tableEvery: 1 },
  ...more,
});

const series = (values: readonly (number | undefined)[]) => ({ label: 'x', values, color: 'sea' as const });

describe('what a curve is drawn from', () => {
  it('begins at the start of the hour where less than that is known', () => {
    const instantsMs = [nowMs - 20_000, nowMs];
    const limit = { value: 700, label: 'limit' };
    expect(toData(curve({ instantsMs, series: [series([1, undefined])], limit }))).toEqual([
      [nowMs - hourMs, nowMs - 20_000, nowMs].map((ms) => ms / 1000),
      [null, 1, null],
      [700, 700, 700],
    ]);
  });

  it('is the hour up to now where nothing is known', () => {
    vi.useFakeTimers({ now: nowMs });
    try {
      const data = toData(curve({ series: [series([])] }));
      expect(data).toEqual([[nowMs - hourMs, nowMs].map((ms) => ms / 1000), [null, null]]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('is what is known where that is the whole hour', () => {
    const instantsMs = [nowMs - hourMs, nowMs];
    expect(toData(curve({ instantsMs, series: [series([1, 2])] }))).toEqual([
      instantsMs.map((ms) => ms / 1000),
      [1, 2],
    ]);
  });
});
