import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useClient } from '../client.ts';
import { queryKeys } from '../query-keys.ts';
import { useLiveEvent } from './use-live-event.ts';

/** Behind the live events: a proxy may hold them back. */
const pollMs = 10_000;

/** How it goes, as the server tells it every two seconds. */
export function useStatus() {
  const client = useClient();
  const queryClient = useQueryClient();
  useLiveEvent('status', (status) => {
    queryClient.setQueryData(queryKeys.status, status);
  });
  return useQuery({
    queryKey: queryKeys.status,
    queryFn: () => client.status(),
    refetchInterval: pollMs,
  });
}
