import { useQuery } from '@tanstack/react-query';
import { useClient } from '../client.ts';
import { queryKeys } from '../query-keys.ts';

/** All of them: there are few. */
export function useEndpoints() {
  const client = useClient();
  return useQuery({
    queryKey: queryKeys.endpoints,
    queryFn: () => client.endpoints.list(),
    select: ({ items }) => items,
  });
}
