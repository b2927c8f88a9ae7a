import { queryOptions } from '@tanstack/react-query';
import type { RecordingDetail } from '../../../../src/contract/recordings.ts';
import type { Client } from '../../client.ts';

/** While it waits to be downloaded. */
const pollMs = 5_000;

export const recordingKey = (id: string) => ['recording', id] as const;

/** A recording with every attempt at it, followed for as long as it is not decided what becomes of it. */
export function recordingQuery(client: Client, id: string) {
  return queryOptions({
    queryKey: recordingKey(id),
    queryFn: (): Promise<RecordingDetail> => client.recordings.get(id),
    refetchInterval: ({ state }) => (state.data?.state === 'pending' ? pollMs : false),
  });
}
