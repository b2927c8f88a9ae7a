import { useQuery } from '@tanstack/react-query';
import type { Overview } from '../../../../src/contract/service.ts';
import { useClient } from '../../client.ts';
import { queryKeys } from '../../query-keys.ts';

const pollMs = 10_000;

/** The curves and the radar; undefined until they are there. */
export function useOverview(): { readonly data: Overview | undefined; readonly error: Error | null } {
  const client = useClient();
  return useQuery({
    queryKey: queryKeys.overview,
    queryFn: () => client.overview(),
    refetchInterval: pollMs,
  });
}
