import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useClient } from '../client.ts';
import { queryKeys } from '../query-keys.ts';

/** While one runs, so that its bar moves. */
const runningMs = 1_000;

/** What was and is sent again to an endpoint, newest first. */
export function useReplays(endpointId: string) {
  const client = useClient();
  return useQuery({
    queryKey: [...queryKeys.replays, endpointId],
    queryFn: () => client.replays.list({ endpointId }),
    select: ({ items }) => items,
    refetchInterval: ({ state }) =>
      state.data?.items.some((replay) => replay.state === 'running') === true ? runningMs : false,
  });
}

/** Ends one that runs; what it has made stays on its way. */
export function useCancelReplay() {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => client.replays.cancel(id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.replays }),
  });
}
