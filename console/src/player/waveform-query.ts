import { queryOptions } from '@tanstack/react-query';
import { ApiProblem } from '../../../src/contract/client.ts';
import type { Waveform } from '../../../src/contract/waveforms.ts';
import type { Client } from '../client.ts';

/** While it is being drawn. */
const askAgainMs = 3_000;
/** After so many answers that there is none, nothing draws it any more: a format that cannot be read. */
const patience = 10;

/** How loud an archived recording is over its length; null where there is nothing drawn of it. */
export function waveformQuery(client: Client, recordingId: string) {
  return queryOptions({
    queryKey: ['waveform', recordingId],
    queryFn: async (): Promise<Waveform | null> => {
      try {
        return await client.recordings.waveform(recordingId);
      } catch (error) {
        if (error instanceof ApiProblem && error.status === 404) return null;
        throw error;
      }
    },
    staleTime: (query) => (query.state.data ? Infinity : 0),
    refetchInterval: (query) =>
      query.state.data === null && query.state.dataUpdateCount < patience ? askAgainMs : false,
  });
}
