import { queryOptions, useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import type { Status } from '../../../src/contract/status.ts';
import { useClient } from '../client.ts';
import { queryKeys } from '../query-keys.ts';
import { useLiveEvent } from './use-live-event.ts';

/** Behind the live events: a proxy may hold them back. */
const pollMs = 10_000;

/** How it goes, as the server tells it every two seconds. */
export function useStatus() {
  return useQuery(useLiveStatusQuery());
}

/** The same, for a page that shows nothing without it. */
export function useKnownStatus(): Status {
  return useSuspenseQuery(useLiveStatusQuery()).data;
}

function useLiveStatusQuery() {
  const client = useClient();
  const queryClient = useQueryClient();
  useLiveEvent('status', (status) => {
    queryClient.setQueryData(queryKeys.status, status);
  });
  return queryOptions({
    queryKey: queryKeys.status,
    queryFn: () => client.status(),
    refetchInterval: pollMs,
  });
}
