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

/** A row of `replays`. */
interface ReplayRow extends Row {
  readonly id: number;
  readonly endpoint: number;
  /** JSON. */
  readonly selection: string;
  readonly state: number;
  readonly position: number;
  readonly end_position: number;
  readonly deliveries: number;
  readonly messages: number;
  readonly created_at: number;
  readonly ended_at: number | null;
}

export function toReplay(row: Row): Replay {
  const told = row as ReplayRow;
  return {
    id: `p${told.id}`,
    endpointId: toEndpointId(told.endpoint),
    selection: JSON.parse(told.selection) as ReplaySelection,
    state: replayStates[told.state] ?? 'running',
    position: told.position,
    end: told.end_position,
    deliveries: told.deliveries,
    messages: told.messages,
    createdAt: told.created_at,
    ...(told.ended_at === null ? {} : { endedAt: told.ended_at }),
  };
}
