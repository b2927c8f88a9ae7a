import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../client.ts';
import { queryKeys } from '../query-keys.ts';

/** Who is signed in with this browser. Asked for once; whatever is answered 401 asks again. */
export function sessionQuery(client: Client) {
  return queryOptions({
    queryKey: queryKeys.session,
    queryFn: () => client.session.get(),
    staleTime: Infinity,
  });
}
