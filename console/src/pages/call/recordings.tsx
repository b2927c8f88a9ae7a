import { Group, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { RecordingDetail } from '../../../../src/contract/recordings.ts';
import { AcknowledgementNote } from '../../parts/acknowledgement-note.tsx';
import { ByteCount } from '../../parts/byte-count.tsx';
import { Card } from '../../parts/card.tsx';
import { Duration } from '../../parts/duration.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Instant } from '../../parts/instant.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { ReasonNote } from '../../reasons/reason-note.tsx';
import { useMay } from '../../session/use-session.ts';
import { AttemptTable } from './attempt-table.tsx';
import { RecordingActs } from './recording-acts.tsx';

export function Recordings({ recordings }: { readonly recordings: readonly RecordingDetail[] }) {
  const { t } = useTranslation('call');
  if (recordings.length === 0) return null;
  return (
    <Card title={t('recordings')}>
      <Stack gap="lg">
        {recordings.map((recording, index) => (
          <OneRecording
            key={recording.id}
            recording={recording}
            {...(recordings.length > 1 && { number: index + 1 })}
          />
        ))}
      </Stack>
    </Card>
  );
}

interface OneRecordingProps {
  readonly recording: RecordingDetail;
  /** Which of several, as the player counts them. */
  readonly number?: number;
}

function OneRecording({ recording, number }: OneRecordingProps) {
  const { t } = useTranslation('call');
  const { state, asset, reason, flags, attemptLog } = recording;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        {number !== undefined && (
          <Title order={3} size="sm">
            {t('recordingOf', { number })}
          </Title>
        )}
        <StateBadge state={state} />
        {flags.map((flag) => (
          <Text key={flag} size="sm" c="orange">
            {t(`recordingFlag.${flag}`)}
          </Text>
        ))}
        <Group gap="xs" ml="auto">
          {useMay('operate') && <RecordingActs recording={recording} />}
        </Group>
      </Group>
      {state !== 'archived' && reason !== undefined && <ReasonNote kind="download" word={reason} />}
      {recording.acknowledged && <AcknowledgementNote of={recording.acknowledged} />}
      <FactList
        facts={[
          { name: t('fact.id'), value: <Identifier id={recording.id} what={t('fact.id')} /> },
          { name: t('fact.host'), value: recording.host },
          { name: t('fact.path'), value: recording.path },
          { name: t('fact.deadlineAt'), value: <Instant at={recording.deadlineAt} /> },
          { name: t('fact.archivedAt'), value: asset && <Instant at={asset.archivedAt} /> },
          { name: t('fact.bytes'), value: asset && <ByteCount bytes={asset.bytes} /> },
          {
            name: t('fact.seconds'),
            value: asset?.seconds !== undefined && <Duration seconds={asset.seconds} />,
          },
          { name: t('fact.format'), value: asset && formatOf(asset) },
          { name: t('fact.fileName'), value: asset?.fileName },
          { name: 'SHA-256', value: asset && <Identifier id={asset.sha256} what="SHA-256" /> },
        ]}
      />
      {attemptLog.length > 0 && <AttemptTable attempts={attemptLog} />}
    </Stack>
  );
}

/** `wav · alaw · 2 × 8000 Hz`; nothing where it is not recognised, which its flag says. */
function formatOf({ container, codec, channels, sampleRate }: NonNullable<RecordingDetail['asset']>): string {
  const rate = sampleRate === undefined ? undefined : `${sampleRate} Hz`;
  const sound = channels === undefined ? rate : [channels, rate].filter(Boolean).join(' × ');
  const known = container === 'unrecognised' ? undefined : container;
  return [known, codec, sound].filter((part) => part !== undefined).join(' · ');
}
