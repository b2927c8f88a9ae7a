import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useClient } from '../../../client.ts';
import { queryKeys } from '../../../query-keys.ts';

const refreshMs = 5_000;

/** One endpoint with its secrets; asked for again while it is shown, because it moves. */
export function useEndpoint(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: [...queryKeys.endpoints, id],
    queryFn: () => client.endpoints.get(id),
    refetchInterval: refreshMs,
  });
}

/** Pauses an endpoint that is at work, and lets one that is paused go on. */
export function usePauseOrResume(id: string, isPaused: boolean) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => (isPaused ? client.endpoints.resume(id) : client.endpoints.pause(id)),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.endpoints }),
  });
}
