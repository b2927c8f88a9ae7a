import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import type { Overview } from '../../../../src/contract/service.ts';
import type { Status } from '../../../../src/contract/status.ts';
import { useClient } from '../../client.ts';
import { useLiveEvent } from '../../live/use-live-event.ts';
import { queryKeys } from '../../query-keys.ts';

/** Behind the live events, which a proxy may hold back. */
const pollMs = 10_000;

/** How it goes: pushed by the server every two seconds where events come through. */
export function useStatus(): Status {
  const client = useClient();
  const queryClient = useQueryClient();
  useLiveEvent('status', (status) => {
    queryClient.setQueryData(queryKeys.status, status);
  });
  return useSuspenseQuery({
    queryKey: queryKeys.status,
    queryFn: () => client.status(),
    refetchInterval: pollMs,
  }).data;
}

/** The curves and the radar; undefined until they are there. */
export function useOverview(): { readonly data: Overview | undefined; readonly error: Error | null } {
  const client = useClient();
  return useQuery({
    queryKey: queryKeys.overview,
    queryFn: () => client.overview(),
    refetchInterval: pollMs,
  });
}
