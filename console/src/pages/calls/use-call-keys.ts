import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call } from '../../../../src/contract/calls.ts';
import { useKeyBindings } from '../../keyboard/keyboard.tsx';
import type { Listening } from './use-listening.ts';
import type { Place } from './use-place.ts';
import { audibleOf } from './waveform-cell.tsx';

export interface CallKeys {
  readonly calls: readonly Call[];
  readonly place: Place;
  readonly open: (callId: string) => void;
  readonly listening: Listening;
}

/** The keys of the list. Returns what moves the choice by so many rows. */
export function useCallKeys({ calls, place, open, listening }: CallKeys): (step: number) => void {
  const { t } = useTranslation('calls');
  const { selected, select } = place;
  const move = useCallback(
    (step: number): void => {
      const at = calls.findIndex(({ callId }) => callId === selected);
      const next = at < 0 && step > 0 && step < Infinity ? 0 : Math.max(0, at) + step;
      const call = calls[Math.min(Math.max(0, next), calls.length - 1)];
      if (call) select(call.callId);
    },
    [calls, selected, select],
  );
  const chosen = calls.find(({ callId }) => callId === selected);
  const { rows, call: heard, player } = listening;
  const playKey = (): void => {
    if (heard && (!chosen || heard.callId === chosen.callId || !audibleOf(chosen))) player?.toggle();
    else if (chosen) rows.play?.(chosen);
  };
  useKeyBindings(t('title'), [
    { keys: 'j', label: t('keys.next'), run: () => move(1) },
    { keys: 'k', label: t('keys.previous'), run: () => move(-1) },
    { keys: 'ArrowDown', label: t('keys.next'), run: () => move(1) },
    { keys: 'ArrowUp', label: t('keys.previous'), run: () => move(-1) },
    { keys: 'Enter', label: t('keys.open'), run: () => chosen && open(chosen.callId) },
    ...(rows.play ? [{ keys: 'Space', label: t('keys.play'), run: playKey }] : []),
  ]);
  return move;
}
