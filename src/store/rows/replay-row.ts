import { replayStates, type Replay, type ReplaySelection } from '../replays.js';
import { toEndpointId } from './endpoint-row.js';
import type { Row } from './row.js';

/** Numbers of the states as stored. */
export const replayState = {
  running: replayStates.indexOf('running'),
  done: replayStates.indexOf('done'),
  cancelled: replayStates.indexOf('cancelled'),
} as const;

/** 0, which no row has, for anything that is no id: those are `p` and a number. */
export function fromReplayId(id: string): number {
  return /^p[1-9]\d{0,14}$/.test(id) ? Number(id.slice(1)) : 0;
}

export function toReplay(row: Row): Replay {
  return {
    id: `p${row['id'] as number}`,
    endpointId: toEndpointId(row['endpoint'] as number),
    selection: JSON.parse(row['selection'] as string) as ReplaySelection,
    state: replayStates[row['state'] as number] ?? 'running',
    position: row['position'] as number,
    end: row['end_position'] as number,
    deliveries: row['deliveries'] as number,
    messages: row['messages'] as number,
    createdAt: row['created_at'] as number,
    ...(row['ended_at'] === null ? {} : { endedAt: row['ended_at'] as number }),
  };
}
