import { describe, expect, it } from 'vitest';
import { shownState } from './shown-state.ts';

describe('the state that is shown of an endpoint', () => {
  it('is not that all is well while deliveries wait for somebody or most attempts fail', () => {
    expect(shownState({ state: 'active', dead: 0 })).toBe('active');
    expect(shownState({ state: 'active', dead: 0, successRate: 0.5 })).toBe('active');
    expect(shownState({ state: 'active', dead: 1, successRate: 1 })).toBe('troubled');
    expect(shownState({ state: 'active', dead: 0, successRate: 0 })).toBe('troubled');
  });

  it('is its own where that says more', () => {
    for (const state of ['paused', 'failing'] as const) {
      expect(shownState({ state, dead: 3, successRate: 0 })).toBe(state);
    }
  });
});
