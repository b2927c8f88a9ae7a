import { queryOptions, useQuery } from '@tanstack/react-query';
import { useClient, type Client } from '../client.ts';
import { queryKeys } from '../query-keys.ts';

/** All of them: there are few. */
export function endpointsQuery(client: Client) {
  return queryOptions({
    queryKey: queryKeys.endpoints,
    queryFn: () => client.endpoints.list(),
    select: ({ items }) => items,
  });
}

export function useEndpoints() {
  return useQuery(endpointsQuery(useClient()));
}
