import type { InfiniteData } from '@tanstack/react-query';
import type { Call, CallPage } from '../../../src/contract/calls.ts';

/** What TanStack Query keeps of a list of calls: its pages in order. */
export type CallList = InfiniteData<CallPage, string | undefined>;

/** Begins the key of every list of calls, each with its filter behind it. */
export const callListKey = ['calls', 'list'] as const;

/** The same list with what is newly known of its calls, each where it was: rows never move under the pointer. */
export function mergeInPlace(list: CallList | undefined, news: readonly Call[]): CallList | undefined {
  if (!list) return list;
  const byId = new Map(news.map((call) => [call.callId, call]));
  let hasChanged = false;
  const pages = list.pages.map((page) => {
    const items = page.items.map((call) => {
      const latest = byId.get(call.callId);
      if (!latest || isSame(call, latest)) return call;
      hasChanged = true;
      return latest;
    });
    return { ...page, items };
  });
  return hasChanged ? { ...list, pages } : list;
}

const isSame = (one: Call, other: Call): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * The list with its newest page put on top. Where the two have no call in common there is a gap between them, and
 * the list begins anew with that page.
 */
export function putOnTop(list: CallList, newest: CallPage): CallList {
  const known = list.pages.flatMap(({ items }) => items);
  const places = new Map(known.map(({ callId }, index) => [callId, index]));
  const lowest = newest.items.findLast(({ callId }) => places.has(callId));
  if (!lowest) return { pages: [newest], pageParams: [undefined] };
  const onTop = new Set(newest.items.map(({ callId }) => callId));
  const below = known.slice(places.get(lowest.callId)! + 1).filter(({ callId }) => !onTop.has(callId));
  const { nextCursor } = list.pages.at(-1)!;
  const page = { items: [...newest.items, ...below], ...(nextCursor === undefined ? {} : { nextCursor }) };
  return { pages: [page], pageParams: [undefined] };
}
