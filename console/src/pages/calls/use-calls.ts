import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import type { Call } from '../../../../src/contract/calls.ts';
import { callListKey, mergeInPlace, putOnTop, type CallList } from '../../calls/call-list.ts';
import { useClient } from '../../client.ts';
import { useLiveEvent } from '../../live/use-live-event.ts';
import { callsQuery, pageSize } from './calls-query.ts';
import type { CallFilter } from './calls-search.ts';

/** Behind the live event, which a proxy may hold back. */
const pollMs = 30_000;
/** While calls arrive all the time, they are asked for this often. */
const shortestMs = 2_000;

export function useCalls(filter: CallFilter) {
  const list = useInfiniteQuery(callsQuery(useClient(), filter));
  const { data } = list;
  const calls = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? none, [data]);
  return { list, calls };
}

const none: Call[] = [];

export interface NewCalls {
  readonly count: number;
  /** There may be more than were counted. */
  readonly isMore: boolean;
  /** Puts them on top of the list. */
  show(): void;
}

/** Watches for calls that the list does not have yet, and keeps those that it has up to date in their places. */
export function useNewCalls(filter: CallFilter, calls: readonly Call[], isReady: boolean): NewCalls {
  const client = useClient();
  const queryClient = useQueryClient();
  const listKey = [...callListKey, filter];
  const newest = useQuery({
    queryKey: ['calls', 'newest', filter],
    queryFn: async () => {
      const page = await client.calls.search({ ...filter, limit: pageSize });
      queryClient.setQueryData<CallList>(listKey, (list) => mergeInPlace(list, page.items));
      return page;
    },
    // The list's own first page, where it has just been asked for.
    initialData: () => queryClient.getQueryData<CallList>(listKey)?.pages[0],
    initialDataUpdatedAt: () => queryClient.getQueryState(listKey)?.dataUpdatedAt,
    enabled: isReady,
    staleTime: shortestMs,
    refetchInterval: pollMs,
  });
  const askedAt = useRef(-shortestMs);
  useLiveEvent('calls', () => {
    const wait = askedAt.current + shortestMs - performance.now();
    if (wait > 0) return;
    askedAt.current = performance.now();
    // A moment later, so that what arrives together is counted together.
    setTimeout(() => void newest.refetch(), shortestMs);
  });
  const known = useMemo(() => new Set(calls.map(({ callId }) => callId)), [calls]);
  const page = newest.data;
  const count = isReady ? (page?.items.filter(({ callId }) => !known.has(callId)).length ?? 0) : 0;
  return {
    count,
    isMore: count === pageSize,
    show: () => {
      if (page) queryClient.setQueryData<CallList>(listKey, (list) => list && putOnTop(list, page));
    },
  };
}
