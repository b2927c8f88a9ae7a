import { ActionIcon, Group, Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../i18n/format.ts';
import { Icon } from '../parts/icon.tsx';
import type { Player } from './player.ts';
import type { PlayerState } from './player-state.ts';

export const stepSeconds = 5;

export interface TransportProps {
  readonly player: Player;
  readonly state: PlayerState;
}

/** Play and pause, a step back and on, and where one is. */
export function Transport({ player, state }: TransportProps) {
  const { t } = useTranslation('player');
  const { isPlaying, isWaiting, position, seconds } = state;
  const label = t(isPlaying ? 'pause' : 'play');
  return (
    <Group gap={4} wrap="nowrap">
      <Tooltip label={t('back', { count: stepSeconds })}>
        <ActionIcon
          size="lg"
          aria-label={t('back', { count: stepSeconds })}
          onClick={() => player.seekBy(-stepSeconds)}
        >
          <Icon name="back" size={18} />
        </ActionIcon>
      </Tooltip>
      <ActionIcon
        size="xl"
        radius="xl"
        variant="filled"
        color="sea"
        aria-label={label}
        loading={isWaiting}
        onClick={() => player.toggle()}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} size={20} />
      </ActionIcon>
      <Tooltip label={t('on', { count: stepSeconds })}>
        <ActionIcon
          size="lg"
          aria-label={t('on', { count: stepSeconds })}
          onClick={() => player.seekBy(stepSeconds)}
        >
          <Icon name="on" size={18} />
        </ActionIcon>
      </Tooltip>
      <Text size="sm" className="tabular" component="span" miw={92} data-testid="clock">
        {formatClock(position)} / {formatClock(seconds)}
      </Text>
    </Group>
  );
}
