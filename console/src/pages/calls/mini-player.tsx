import { ActionIcon, Group, Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { Icon } from '../../parts/icon.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { RateChoice } from '../../player/rate-choice.tsx';
import { PlayerProblem } from '../../player/player-problem.tsx';
import { Transport } from '../../player/transport.tsx';
import { useOnePlayer, useSilences, type Heard } from '../../player/one-player.tsx';
import type { Player } from '../../player/player.ts';
import { usePlayerState } from '../../player/use-player.ts';
import { waveformQuery } from '../../player/waveform-query.ts';
import { WaveformView } from '../../player/waveform-view.tsx';
import classes from './mini-player.module.css';
import { showHidden } from '../../given-text.ts';

/** The bar below the list: what plays there, or was opened from there and goes on. */
export function MiniPlayer() {
  const { player, heard, leave } = useOnePlayer();
  return player && heard && <HeardBar player={player} heard={heard} onClose={leave} />;
}

interface HeardBarProps {
  readonly player: Player;
  readonly heard: Heard;
  readonly onClose: () => void;
}

function HeardBar({ player, heard: { call, recording }, onClose }: HeardBarProps) {
  const { t } = useTranslation('calls');
  const state = usePlayerState(player);
  const waveform = useQuery(waveformQuery(useClient(), recording.id));
  useSilences(recording.id, waveform.data);
  return (
    <Paper component="section" aria-label={t('player')} withBorder mt="xs" px="sm" py={6}>
      <Group gap="md" wrap="nowrap">
        <Transport player={player} state={state} />
        <div className={classes.waveform}>
          <WaveformView player={player} waveform={waveform.data} lanePixels={18} />
        </div>
        <RateChoice player={player} state={state} />
        <AnchorLink
          to={addresses.call}
          params={{ callId: call.callId }}
          size="xs"
          className={classes.link ?? ''}
        >
          {showHidden(call.callId)}
        </AnchorLink>
        <ActionIcon aria-label={t('closePlayer')} onClick={onClose}>
          <Icon name="close" />
        </ActionIcon>
      </Group>
      {state.hasFailed && <PlayerProblem asset={recording.asset} onRetry={() => void player.play()} />}
    </Paper>
  );
}
