import { queryOptions, type QueryClient } from '@tanstack/react-query';
import type { CallDetail } from '../../../../src/contract/calls.ts';
import { callListKey, mergeInPlace, type CallList } from '../../calls/call-list.ts';
import type { Client } from '../../client.ts';
import { memberOf, parseJson, type JsonNode } from '../../json/parse-json.ts';

/** A call with the text that it came as: its messages are shown from there, with every digit. */
export interface CallAnswer {
  readonly call: CallDetail;
  readonly text: string;
  /** In the order of `call.messages`. */
  readonly messages: readonly (JsonNode | undefined)[];
}

export const callKey = (callId: string) => ['call', callId, 'detail'] as const;

export function callQuery(client: Client, queryClient: QueryClient, callId: string) {
  return queryOptions({
    queryKey: callKey(callId),
    queryFn: async (): Promise<CallAnswer> => {
      const answer = readCall(await client.calls.getText(callId));
      const { messages: _messages, ...call } = answer.call;
      // What the lists show of it is as new as what is shown here.
      queryClient.setQueriesData<CallList>({ queryKey: callListKey }, (list) => mergeInPlace(list, [call]));
      return answer;
    },
    staleTime: 30_000,
    // Each time it is asked for, the audit log tells of a look at the call.
    refetchOnWindowFocus: false,
  });
}

function readCall(text: string): CallAnswer {
  const entries = memberOf(parseJson(text), 'messages');
  return {
    call: JSON.parse(text) as CallDetail,
    text,
    messages: entries?.kind === 'array' ? entries.items.map((entry) => memberOf(entry, 'message')) : [],
  };
}
