import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../../client.ts';

export const commentsKey = (callId: string) => ['call', callId, 'comments'] as const;

export function commentsQuery(client: Client, callId: string) {
  return queryOptions({ queryKey: commentsKey(callId), queryFn: () => client.calls.comments(callId) });
}
