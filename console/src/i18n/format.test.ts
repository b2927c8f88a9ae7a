import { describe, expect, it } from 'vitest';
import { createFormat } from './format.ts';

describe('how far an instant lies away', () => {
  const now = new Date(2026, 5, 15, 12).getTime();
  const dayMs = 86_400_000;
  const { relative } = createFormat('en');

  it('is told in the unit that is easiest to read', () => {
    expect(relative(now - 3 * 60_000, now)).toBe('3 min. ago');
    expect(relative(now + 47 * 3_600_000, now)).toBe('in 47 hr.');
    expect(relative(now - 59 * dayMs, now)).toBe('59 days ago');
  });

  it('is its date where nobody would count the days', () => {
    expect(relative(now - 20_787 * dayMs, now)).toBe('Jul 17, 1969');
    expect(relative(now + 400 * dayMs, now)).toBe('Jul 20, 2027');
    expect(createFormat('zh-CN').relative(now - 60 * dayMs, now)).toBe('2026年4月16日');
  });
});
