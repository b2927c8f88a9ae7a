import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useLayoutEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallDetail } from '../../../../src/contract/calls.ts';
import type { Comment } from '../../../../src/contract/reviews.ts';
import type { RecordingDetail } from '../../../../src/contract/recordings.ts';
import { useClient } from '../../client.ts';
import { formatClock } from '../../i18n/format.ts';
import { Card } from '../../parts/card.tsx';
import { Icon } from '../../parts/icon.tsx';
import { PlayerOptions } from '../../player/player-options.tsx';
import { PlayerProblem } from '../../player/player-problem.tsx';
import { lengthOf, silencesOf } from '../../player/speech.ts';
import { Transport } from '../../player/transport.tsx';
import { useOnePlayer, useSilences } from '../../player/one-player.tsx';
import { usePlayerState } from '../../player/use-player.ts';
import { usePlayerKeys } from '../../player/use-player-keys.ts';
import { waveformQuery } from '../../player/waveform-query.ts';
import { WaveformView, type Marker } from '../../player/waveform-view.tsx';
import { useMay } from '../../session/use-session.ts';
import { Comments } from './comments.tsx';
import { commentsQuery } from './comments-query.ts';

export interface CallPlayerProps {
  readonly call: CallDetail;
  readonly recording: RecordingDetail;
  /** Which recording, where there are several. */
  readonly aside: ReactNode;
}

/** Goes on with what is playing, where that is this recording. */
export function CallPlayer({ call, recording, aside }: CallPlayerProps) {
  const { callId } = call;
  const { t } = useTranslation('call');
  const client = useClient();
  const { player, hear, leave } = useOnePlayer();
  const state = usePlayerState(player);
  const { data: waveform } = useQuery(waveformQuery(client, recording.id));
  // By layout effects: the list that one comes back to is not drawn with a player that is about to go.
  useLayoutEffect(() => {
    hear({ call, recording });
    return () => {
      // What was only looked at is not taken along.
      if (player && !player.hasBegun) leave();
    };
  }, [player, recording.id]); // oxlint-disable-line react/exhaustive-deps -- the same recording, newly fetched, is no reason to begin again.
  useSilences(recording.id, waveform);
  const channels = waveform?.channels.length ?? recording.asset?.channels ?? 1;
  usePlayerKeys(player, channels === 2);
  const markers = useMarkers(callId, recording.id);
  const [named, setNamed] = useState<string>();
  const silentSeconds = useMemo(
    () =>
      waveform
        ? lengthOf(
            silencesOf(
              waveform.channels.map(({ speech }) => speech),
              waveform.seconds,
            ),
          )
        : 0,
    [waveform],
  );
  const playFrom = useCallback(
    (comment: Pick<Comment, 'id' | 'atSeconds'>) => {
      setNamed(comment.id);
      player?.seek(comment.atSeconds ?? 0);
    },
    [player],
  );
  return (
    <Card title={t('recording')} aside={aside}>
      <Stack gap="sm">
        {player && (
          <>
            <WaveformView
              player={player}
              waveform={waveform}
              lanePixels={channels === 2 ? 56 : 84}
              markers={markers}
              onMarker={playFrom}
            />
            {waveform === null && (
              <Text size="xs" c="dimmed">
                {t('noWaveform')}
              </Text>
            )}
            <Group gap="lg">
              <Transport player={player} state={state} />
              <PlayerOptions
                player={player}
                state={state}
                channels={channels}
                silentSeconds={silentSeconds}
              />
              <Download recordingId={recording.id} />
            </Group>
            {state.hasFailed && <PlayerProblem asset={recording.asset} onRetry={() => void player.play()} />}
          </>
        )}
        <Comments
          callId={callId}
          here={player && { recordingId: recording.id, player, onPlayFrom: playFrom, named }}
        />
      </Stack>
    </Card>
  );
}

function useMarkers(callId: string, recordingId: string): Marker[] {
  const { t } = useTranslation('call');
  const comments = useQuery(commentsQuery(useClient(), callId));
  return (comments.data?.items ?? []).flatMap(({ id, atSeconds, text, author, ...comment }) =>
    comment.recordingId !== recordingId || atSeconds === undefined
      ? []
      : [
          {
            id,
            atSeconds,
            label: t('comment.marker', { at: formatClock(atSeconds), name: author.name, text }),
          },
        ],
  );
}

function Download({ recordingId }: { readonly recordingId: string }) {
  const { t } = useTranslation('call');
  const client = useClient();
  if (!useMay('download')) return null;
  return (
    <Anchor href={client.audioAddress(recordingId, { download: true })} download size="sm">
      <Group gap={4} wrap="nowrap" component="span">
        <Icon name="download" size={14} />
        {t('download')}
      </Group>
    </Anchor>
  );
}
