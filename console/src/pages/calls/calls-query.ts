import { infiniteQueryOptions } from '@tanstack/react-query';
import { callListKey } from '../../calls/call-list.ts';
import type { Client } from '../../client.ts';
import type { CallFilter } from './calls-search.ts';

export const pageSize = 100;

/** The calls of a filter, page by page. Nothing is asked for twice by itself: that would move rows about. */
export function callsQuery(client: Client, filter: CallFilter) {
  return infiniteQueryOptions({
    queryKey: [...callListKey, filter],
    queryFn: ({ pageParam }) =>
      client.calls.search({
        ...filter,
        limit: pageSize,
        ...(pageParam === undefined ? {} : { cursor: pageParam }),
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor,
    staleTime: Infinity,
  });
}
