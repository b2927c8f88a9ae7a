import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../client.ts';

/** Every tag in use, for suggestions. */
export function tagsQuery(client: Client) {
  return queryOptions({ queryKey: ['tags'], queryFn: () => client.tags(), staleTime: 60_000 });
}
