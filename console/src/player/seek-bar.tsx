import type { KeyboardEvent, PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../i18n/format.ts';
import type { Player } from './player.ts';
import type { PlayerState } from './player-state.ts';

export interface SeekBarProps {
  readonly player: Player;
  readonly state: PlayerState;
  readonly className: string;
}

/** Lies over the waveform: a click or a drag goes there, keys go step by step. */
export function SeekBar({ player, state, className }: SeekBarProps) {
  const { t } = useTranslation('player');
  const { seconds, position } = state;
  const seek = (event: PointerEvent<HTMLDivElement>): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    player.seek(((event.clientX - left) / width) * seconds);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t('position')}
      aria-valuemin={0}
      aria-valuemax={Math.round(seconds)}
      aria-valuenow={Math.round(position)}
      aria-valuetext={t('positionOf', { position: formatClock(position), length: formatClock(seconds) })}
      className={className}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seek(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seek(event);
      }}
      onKeyDown={(event) => step(event, player)}
    />
  );
}

/** The keys of a slider. Space, Enter and all others are the page's. */
function step(event: KeyboardEvent, player: Player): void {
  const size = event.shiftKey ? 30 : 5;
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: player.position - size,
    ArrowDown: player.position - size,
    ArrowRight: player.position + size,
    ArrowUp: player.position + size,
    PageDown: player.position - 30,
    PageUp: player.position + 30,
    Home: 0,
    End: player.state.seconds,
  };
  const target = targets[event.key];
  if (target === undefined || event.ctrlKey || event.metaKey || event.altKey) {
    if (event.key === ' ') {
      event.preventDefault();
      player.toggle();
    }
    return;
  }
  event.preventDefault();
  player.seek(target);
}
