import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../../client.ts';

export const commentsKey = (callId: string) => ['call', callId, 'comments'] as const;

/** So that an open page shows the comments of others. The server sends no event for them; asking is cheap and not audited. */
const pollMs = 5_000;

export function commentsQuery(client: Client, callId: string) {
  return queryOptions({
    queryKey: commentsKey(callId),
    queryFn: () => client.calls.comments(callId),
    refetchInterval: pollMs,
  });
}
