import { NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallDetail } from '../../../../src/contract/calls.ts';
import type { RecordingDetail } from '../../../../src/contract/recordings.ts';
import { formatClock } from '../../i18n/format.ts';
import { Card } from '../../parts/card.tsx';
import { useMay } from '../../session/use-session.ts';
import { CallPlayer } from './call-player.tsx';
import { Comments } from './comments.tsx';
import { WaitingRecording } from './waiting-recording.tsx';

export interface HearingProps {
  readonly call: CallDetail;
  readonly recordings: readonly RecordingDetail[];
}

/** The recording that is chosen: its player, or why there is none; and what was said about the call. */
export function Hearing({ call, recordings }: HearingProps) {
  const { t } = useTranslation('call');
  const mayListen = useMay('listen');
  const [chosenId, setChosenId] = useState<string>();
  const recording =
    recordings.find(({ id }) => id === chosenId) ??
    recordings.find(({ state }) => state === 'archived') ??
    recordings[0];
  const choice = recordings.length > 1 && recording && (
    <NativeSelect
      aria-label={t('whichRecording')}
      value={recording.id}
      onChange={(event) => setChosenId(event.currentTarget.value)}
      data={recordings.map(({ id, asset }, index) => ({
        value: id,
        label: t('recordingNumber', {
          number: index + 1,
          length: asset?.seconds === undefined ? '–' : formatClock(asset.seconds),
        }),
      }))}
    />
  );
  if (recording?.state === 'archived' && mayListen)
    return <CallPlayer key={recording.id} call={call} recording={recording} aside={choice} />;
  return (
    <Card title={t('recording')} aside={choice}>
      <Stack gap="md">
        {!recording && <Text size="sm">{t('noRecording')}</Text>}
        {recording && recording.state !== 'archived' && <WaitingRecording recording={recording} />}
        {recording?.state === 'archived' && <Text size="sm">{t('noListening')}</Text>}
        <Comments callId={call.callId} />
      </Stack>
    </Card>
  );
}
