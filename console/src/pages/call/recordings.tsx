import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingDetail } from '../../../../src/contract/recordings.ts';
import { useClient } from '../../client.ts';
import { ByteCount } from '../../parts/byte-count.tsx';
import { Card } from '../../parts/card.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Duration } from '../../parts/duration.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Instant } from '../../parts/instant.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { ReasonNote } from '../../reasons/reason-note.tsx';
import { useMay } from '../../session/use-session.ts';
import { AttemptTable } from './attempt-table.tsx';
import { historyKey } from './history-query.ts';
import { recordingKey } from './recording-query.ts';

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
          {useMay('operate') && <Acts recording={recording} />}
        </Group>
      </Group>
      {state !== 'archived' && reason !== undefined && <ReasonNote kind="download" word={reason} />}
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

/** `wav · alaw · 2 × 8000 Hz` */
function formatOf({ container, codec, channels, sampleRate }: NonNullable<RecordingDetail['asset']>): string {
  const rate = sampleRate === undefined ? undefined : `${sampleRate} Hz`;
  const sound = channels === undefined ? rate : [channels, rate].filter(Boolean).join(' × ');
  return [container, codec, sound].filter((part) => part !== undefined).join(' · ');
}

/** Try again now, and delete. Both are the operator's. */
function Acts({ recording }: { readonly recording: RecordingDetail }) {
  const { t } = useTranslation('call');
  const client = useClient();
  const queryClient = useQueryClient();
  const [isLeaving, setLeaving] = useState(false);
  const isArchived = recording.state === 'archived';
  // What was published here has no link to fetch it from again.
  const isFetchable = !isArchived && recording.host !== 'earshot';
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: recordingKey(recording.id) }),
      queryClient.invalidateQueries({ queryKey: historyKey(recording.callId) }),
    ]);
  const retry = useMutation({
    mutationFn: () => client.recordings.retry(recording.id),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => client.recordings.remove(recording.id),
    onSuccess: async () => {
      await refresh();
      setLeaving(false);
    },
  });
  return (
    <>
      {retry.error && <ProblemAlert error={retry.error} />}
      {isFetchable && (
        <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
          {t('retry')}
        </Button>
      )}
      {isArchived && (
        <Button variant="default" onClick={() => setLeaving(true)}>
          {t('delete.open')}
        </Button>
      )}
      <ConfirmDialog
        isOpen={isLeaving}
        title={t('delete.title')}
        act={t('delete.act')}
        isDangerous
        isRunning={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setLeaving(false)}
      >
        {t('delete.text')}
      </ConfirmDialog>
    </>
  );
}
