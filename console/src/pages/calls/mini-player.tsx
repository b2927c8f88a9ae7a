import { ActionIcon, Group, Paper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call } from '../../../../src/contract/calls.ts';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { Icon } from '../../parts/icon.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { RateChoice } from '../../player/rate-choice.tsx';
import { PlayerProblem } from '../../player/player-problem.tsx';
import { Transport } from '../../player/transport.tsx';
import { useOpenRecording } from '../../player/use-open-recording.ts';
import { usePlayer, usePlayerState } from '../../player/use-player.ts';
import { waveformQuery } from '../../player/waveform-query.ts';
import { WaveformView } from '../../player/waveform-view.tsx';
import classes from './mini-player.module.css';
import type { Listening } from './use-listening.ts';
import { audibleOf } from './waveform-cell.tsx';

export interface MiniPlayerProps {
  readonly call: Call;
  readonly listening: Listening;
}

/** The bar below the list. It plays a call as soon as it is chosen to be heard. */
export function MiniPlayer({ call, listening }: MiniPlayerProps) {
  const { t } = useTranslation('calls');
  const { player, audioRef } = usePlayer();
  const state = usePlayerState(player);
  const recording = audibleOf(call);
  const waveform = useQuery({
    ...waveformQuery(useClient(), recording?.id ?? ''),
    enabled: recording !== undefined,
  });
  useOpenRecording(player, recording, waveform.data);
  const { setPlayer } = listening;
  useEffect(() => {
    setPlayer(player);
    return () => setPlayer(undefined);
  }, [player, setPlayer]);
  useEffect(() => {
    if (player && recording) void player.play();
  }, [player, recording?.id]); // eslint-disable-line react-hooks/exhaustive-deps -- the same recording, newly fetched, is no reason to begin again.
  return (
    <Paper component="section" aria-label={t('player')} withBorder mt="xs" px="sm" py={6}>
      <audio ref={audioRef} />
      <Group gap="md" wrap="nowrap">
        {player && <Transport player={player} state={state} />}
        <div className={classes.waveform}>
          {player && <WaveformView player={player} waveform={waveform.data} lanePixels={18} />}
        </div>
        {player && <RateChoice player={player} state={state} />}
        <AnchorLink
          to={addresses.call}
          params={{ callId: call.callId }}
          size="xs"
          className={classes.link ?? ''}
        >
          {call.callId}
        </AnchorLink>
        <ActionIcon aria-label={t('closePlayer')} onClick={listening.close}>
          <Icon name="close" />
        </ActionIcon>
      </Group>
      {state.hasFailed && <PlayerProblem onRetry={() => void player?.play()} />}
    </Paper>
  );
}
