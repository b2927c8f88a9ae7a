import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/contract/calls.ts';
import { mergeInPlace, putOnTop, type CallList } from './call-list.ts';

const call = (callId: string, part: Partial<Call> = {}): Call => ({
  callId,
  flags: [],
  recordings: [],
  firstReceivedAt: '2025-05-22T04:30:00.000Z',
  at: '2025-05-22T04:30:00.000Z',
  lastReceivedAt: '2025-05-22T04:30:00.000Z',
  ...part,
});
const listOf = (...pages: string[][]): CallList => ({
  pages: pages.map((ids, index) => ({
    items: ids.map((id) => call(id)),
    ...(index < pages.length - 1 ? { nextCursor: `c${index}` } : { nextCursor: 'last' }),
  })),
  pageParams: pages.map((_, index) => (index === 0 ? undefined : `c${index - 1}`)),
});
const idsOf = (list: CallList): string[] =>
  list.pages.flatMap(({ items }) => items.map(({ callId }) => callId));

describe('a list of calls', () => {
  it('learns what is new of its calls without moving any', () => {
    const list = listOf(['5', '4'], ['3']);
    const merged = mergeInPlace(list, [call('9'), call('4', { outId: 'o' })])!;
    expect(idsOf(merged)).toEqual(['5', '4', '3']);
    expect(merged.pages[0]!.items[1]!.outId).toBe('o');
  });

  it('stays the same object where nothing is new', () => {
    const list = listOf(['5', '4']);
    expect(mergeInPlace(list, [call('5'), call('9')])).toBe(list);
  });

  it('takes new calls on top, and those that belong between older ones to their place', () => {
    const newest = { items: ['7', '6', '5', '4b', '4'].map((id) => call(id)), nextCursor: 'n' };
    const list = putOnTop(listOf(['5', '4'], ['3', '2']), newest);
    expect(idsOf(list)).toEqual(['7', '6', '5', '4b', '4', '3', '2']);
    expect(list.pages.at(-1)!.nextCursor).toBe('last');
  });

  it('begins anew where more is new than one page holds', () => {
    const newest = { items: ['99', '98'].map((id) => call(id)), nextCursor: 'n' };
    expect(putOnTop(listOf(['5', '4']), newest)).toEqual({ pages: [newest], pageParams: [undefined] });
  });
});
