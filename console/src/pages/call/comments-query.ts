import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../../client.ts';

export const commentsKey = (callId: string) => ['call', callId, 'comments'] as const;

/** What others write meanwhile appears in a page that is open. No event tells of it, and asking is cheap and unrecorded. */
const pollMs = 5_000;

export function commentsQuery(client: Client, callId: string) {
  return queryOptions({
    queryKey: commentsKey(callId),
    queryFn: () => client.calls.comments(callId),
    refetchInterval: pollMs,
  });
}
