import type * as wire from '../contract/replays.js';
import type { Replay } from '../store/replays.js';
import { toInstant, toInstantWhereKnown } from './instant.js';
import { known } from './known.js';

/**
 * A replay as the API shows it. Progress of a window is told in steps of the journal; that of dead deliveries in
 * deliveries, of which `leftDead` are still to be sent while it runs.
 */
export function toReplayJson(replay: Replay, leftDead: number): wire.Replay {
  const { selection, state } = replay;
  const window = selection.kind === 'window' ? selection : undefined;
  const reason = selection.kind === 'dead' ? selection.reason : undefined;
  return known({
    id: replay.id,
    endpointId: replay.endpointId,
    kind: window ? (window.missed ? ('missed' as const) : ('window' as const)) : ('dead' as const),
    reason,
    afterSeq: window?.afterSeq,
    untilSeq: window && replay.end,
    state,
    ...(window
      ? progressOfWindow(replay, window.afterSeq)
      : { done: replay.deliveries, total: replay.deliveries + (state === 'running' ? leftDead : 0) }),
    deliveries: replay.deliveries,
    messages: replay.messages,
    createdAt: toInstant(replay.createdAt),
    endedAt: toInstantWhereKnown(replay.endedAt),
  });
}

function progressOfWindow(
  { state, position, end }: Replay,
  afterSeq: number,
): { done: number; total: number } {
  const total = Math.max(0, end - afterSeq);
  return { done: state === 'done' ? total : Math.min(total, Math.max(0, position - afterSeq)), total };
}
