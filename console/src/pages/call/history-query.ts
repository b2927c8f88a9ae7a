import { queryOptions } from '@tanstack/react-query';
import type { Client } from '../../client.ts';

export const historyKey = (callId: string) => ['call', callId, 'history'] as const;

/** Who did what to the call. */
export function historyQuery(client: Client, callId: string) {
  return queryOptions({ queryKey: historyKey(callId), queryFn: () => client.calls.history(callId) });
}
