import { describe, expect, it } from 'vitest';
import { isFiltered, parseCallsSearch, toFilter } from './calls-search.ts';

describe('the address of the calls page', () => {
  it('keeps what it can understand and nothing else', () => {
    const search = parseCallsSearch({
      q: ' 10000161000000000001 ',
      state: 'lost',
      from: '2025-05-22T12:00:00+08:00',
      minDuration: '10',
      maxDuration: 'long',
      outId: '',
      period: 'week',
      colour: 'red',
    });
    expect(search).toEqual({
      q: '10000161000000000001',
      state: 'lost',
      from: '2025-05-22T04:00:00.000Z',
      minDuration: '10',
    });
  });

  it.each([
    'singlemessage',
    'timeline 1',
    '1',
    '+275760-09-13',
    '9999-12-31T23:59:59-12:00',
    '0000-01-01T00:00+12:00',
  ])('takes %s for no instant', (from) => {
    expect(parseCallsSearch({ from, period: 'week' })).toEqual({ period: 'week' });
  });

  it('takes what can be no tag for none', () => {
    expect(parseCallsSearch({ tag: 'good,bad' })).toEqual({});
    expect(parseCallsSearch({ tag: 'x'.repeat(61) })).toEqual({});
  });

  it('means whole days by the calendar of the reader', () => {
    const today = new Date(2025, 4, 22).getTime();
    expect(toFilter({ period: 'today' }, today)).toEqual({ from: new Date(2025, 4, 22).toISOString() });
    expect(toFilter({ period: 'week' }, today)).toEqual({ from: new Date(2025, 4, 16).toISOString() });
    expect(toFilter({ period: 'month' }, today)).toEqual({ from: new Date(2025, 3, 23).toISOString() });
  });

  it('asks the server for numbers and never for columns', () => {
    expect(toFilter({ minDuration: '1.5', columns: 'callId', tag: 'good' }, 0)).toEqual({
      minDuration: 1.5,
      tag: 'good',
    });
  });

  it('tells a filter from a choice of columns', () => {
    expect(isFiltered({ columns: 'callId' })).toBe(false);
    expect(isFiltered({ columns: 'callId', q: '1' })).toBe(true);
  });
});
