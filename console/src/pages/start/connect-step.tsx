import { Alert, Group, List, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client.ts';
import { AnswerState } from '../../parts/answer-state.tsx';
import { useLiveEvent } from '../../live/use-live-event.ts';
import { Icon } from '../../parts/icon.tsx';
import { Instant } from '../../parts/instant.tsx';
import { queryKeys } from '../../query-keys.ts';
import { PushAddress } from '../../set-up/push-address.tsx';
import { SamplePush } from '../../set-up/sample-push.tsx';
import { Step } from './step.tsx';

const pollMs = 5_000;

/** The push URL, what to do with it, and the first push, which turns the step green as it comes. */
export function ConnectStep() {
  const { t } = useTranslation('start');
  const client = useClient();
  const sources = useQuery({
    queryKey: queryKeys.sources,
    queryFn: () => client.sources.list(),
    refetchInterval: pollMs,
  });
  const first = sources.data?.items[0];
  const lastPushAt = sources.data?.items.find((source) => source.lastPushAt !== undefined)?.lastPushAt;
  const isReceiving = useIsReceiving();
  const isDone = isReceiving || lastPushAt !== undefined;
  return (
    <Step title={t('connect.title')} text={t('connect.text')} isDone={isDone}>
      <Stack gap="sm">
        <AnswerState of={sources} />
        {first?.pushUrl !== undefined && <PushAddress url={first.pushUrl} />}
        <List type="ordered" size="sm" spacing={4}>
          {(['reach', 'paste', 'types', 'try'] as const).map((name) => (
            <List.Item key={name}>{t(`connect.${name}`)}</List.Item>
          ))}
        </List>
        <FirstPush isDone={isDone} lastPushAt={lastPushAt} />
        {first && <SamplePush sourceId={first.id} />}
      </Stack>
    </Step>
  );
}

/** Sources are counted to within a minute; the live status knows of a push within seconds. */
function useIsReceiving(): boolean {
  const [isReceiving, setReceiving] = useState(false);
  useLiveEvent('status', ({ intake, journal }) => {
    if (intake.pushesPerMinute > 0 || journal.lastSeq > 0) setReceiving(true);
  });
  return isReceiving;
}

function FirstPush({
  isDone,
  lastPushAt,
}: {
  readonly isDone: boolean;
  readonly lastPushAt: string | undefined;
}) {
  const { t } = useTranslation('start');
  return (
    <Alert
      role="status"
      variant="light"
      color={isDone ? 'teal' : 'gray'}
      icon={isDone ? <Icon name="done" /> : <Loader size={14} aria-hidden />}
    >
      <Group gap={6}>
        <Text size="sm">{isDone ? t('connect.received') : t('connect.waiting')}</Text>
        {lastPushAt !== undefined && (
          <Text size="sm">
            <Instant at={lastPushAt} isRelative />
          </Text>
        )}
      </Group>
    </Alert>
  );
}
