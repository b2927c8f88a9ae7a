import { describe, expect, it } from 'vitest';
import { lookedAt, toCauses } from './delivery-row.js';
import type { Row } from './row.js';

const rows = (count: number): Row[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ id: count - index, endpoint: 1, reason: 'timed-out', count: 2, created_at: 1_000 + count - index },
  }));

describe('causes of dead deliveries', () => {
  it('are those of as many as are looked at, and say where there are more', () => {
    const all = { endpointId: 'e1', reason: 'timed-out', deliveries: lookedAt, messages: 2 * lookedAt };
    expect(toCauses(rows(lookedAt))).toEqual({
      items: [{ ...all, newestAt: 1_000 + lookedAt, newestId: `d${lookedAt}` }],
      isPartial: false,
    });
    expect(toCauses(rows(lookedAt + 1))).toMatchObject({ items: [all], isPartial: true });
    expect(toCauses([])).toEqual({ items: [], isPartial: false });
  });
});
