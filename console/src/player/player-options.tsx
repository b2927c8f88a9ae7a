import { ActionIcon, Button, Group, SegmentedControl, Slider, Switch, Text, Tooltip } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatClock } from '../i18n/format.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Icon } from '../parts/icon.tsx';
import type { Player } from './player.ts';
import { maxBoost, type PlayerState } from './player-state.ts';
import { RateChoice } from './rate-choice.tsx';

export interface PlayerOptionsProps {
  readonly player: Player;
  readonly state: PlayerState;
  /** Of the recording; a single one has no sides. */
  readonly channels: number;
  /** What skipping all silence would save. */
  readonly silentSeconds: number;
}

/** How it is heard: speed, silence, sides, loudness, a stretch again and again. */
export function PlayerOptions({ player, state, channels, silentSeconds }: PlayerOptionsProps) {
  return (
    <Group gap="md">
      <RateChoice player={player} state={state} />
      <SilenceSwitch player={player} state={state} silentSeconds={silentSeconds} />
      {channels === 2 && <SideChoice player={player} state={state} />}
      <Loudness player={player} state={state} />
      <LoopButtons player={player} state={state} />
    </Group>
  );
}

type Part = Pick<PlayerOptionsProps, 'player' | 'state'>;

function SilenceSwitch({ player, state, silentSeconds }: Part & { readonly silentSeconds: number }) {
  const { t } = useTranslation('player');
  const { savedSeconds } = state;
  const told =
    savedSeconds > 0
      ? t('silence.saved', { length: formatClock(savedSeconds) })
      : t('silence.wouldSave', { length: formatClock(silentSeconds) });
  return (
    <Group gap={6} wrap="nowrap">
      <Switch
        label={t('silence.skip')}
        checked={state.skipsSilence}
        onChange={() => player.toggleSilence()}
        disabled={silentSeconds === 0}
      />
      {silentSeconds > 0 && (
        <Text size="xs" c="dimmed" component="span" className="tabular">
          {told}
        </Text>
      )}
    </Group>
  );
}

function SideChoice({ player, state }: Part) {
  const { t } = useTranslation('player');
  return (
    <SegmentedControl
      aria-label={t('side')}
      value={state.side}
      onChange={(side) => player.setSide(side)}
      data={[
        { value: 'left', label: t('left') },
        { value: 'both', label: t('both') },
        { value: 'right', label: t('right') },
      ]}
    />
  );
}

function Loudness({ player, state }: Part) {
  const { t } = useTranslation('player');
  const format = useFormat();
  return (
    <Group gap={6} wrap="nowrap">
      <Tooltip label={t(state.isMuted ? 'unmute' : 'mute')}>
        <ActionIcon
          aria-label={t(state.isMuted ? 'unmute' : 'mute')}
          aria-pressed={state.isMuted}
          onClick={() => player.toggleMuted()}
        >
          <Icon name={state.isMuted ? 'muted' : 'loud'} />
        </ActionIcon>
      </Tooltip>
      <Slider
        w={90}
        size="sm"
        min={1}
        max={maxBoost}
        step={0.1}
        value={state.boost}
        onChange={(factor) => player.setBoost(factor)}
        label={(factor) => format.percent(factor)}
        thumbLabel={t('boost')}
        thumbProps={{ 'aria-valuetext': format.percent(state.boost) }}
      />
      <Text size="xs" c="dimmed" component="span" className="tabular" miw={38}>
        {format.percent(state.boost)}
      </Text>
    </Group>
  );
}

function LoopButtons({ player, state }: Part) {
  const { t } = useTranslation('player');
  const { loopFrom, loopTo } = state;
  const labelOf = (letter: string, second: number | undefined): string =>
    second === undefined ? letter : `${letter} ${formatClock(second)}`;
  return (
    <Group gap={4} wrap="nowrap">
      <Button
        variant={loopFrom === undefined ? 'default' : 'light'}
        title={t('loop.from')}
        onClick={() => player.setLoop('a')}
      >
        {labelOf('A', loopFrom)}
      </Button>
      <Button
        variant={loopTo === undefined ? 'default' : 'light'}
        title={t('loop.to')}
        onClick={() => player.setLoop('b')}
      >
        {labelOf('B', loopTo)}
      </Button>
      {loopFrom !== undefined && (
        <ActionIcon aria-label={t('loop.clear')} onClick={() => player.clearLoop()}>
          <Icon name="close" />
        </ActionIcon>
      )}
    </Group>
  );
}
