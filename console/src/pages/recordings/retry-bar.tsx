import { Alert, Button, Group, List, Progress, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Recording } from '../../../../src/contract/recordings.ts';
import { useClient } from '../../client.ts';
import { AskingKey } from '../../keyboard/asking-key.tsx';
import { queryKeys } from '../../query-keys.ts';
import { retryAll, type RetryRefusal } from './retry-all.ts';

export interface RetryBarProps {
  readonly selected: readonly Recording[];
  readonly onDone: () => void;
  /** What else can be done with them. */
  readonly children?: ReactNode;
}

/** Tries the selected downloads again, one after the other, and says which could not be. */
export function RetryBar({ selected, onDone, children }: RetryBarProps) {
  const { t } = useTranslation('recordings');
  const client = useClient();
  const queryClient = useQueryClient();
  const [progress, setProgress] = useState({ done: 0, total: 0 });
  const retry = useMutation({
    mutationFn: (recordings: readonly Recording[]) =>
      retryAll(client.recordings, recordings, (done) => setProgress({ done, total: recordings.length })),
    onMutate: (recordings) => setProgress({ done: 0, total: recordings.length }),
    onSuccess: onDone,
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.recordings }),
  });
  const isReady = selected.length > 0 && !retry.isPending;
  const start = isReady ? () => retry.mutate(selected) : undefined;
  return (
    <>
      <AskingKey group={t('title')} keys="r" label={t('retry.key')} onConfirm={start} />
      <Group gap="sm" mih={30}>
        <Button disabled={!isReady} loading={retry.isPending} onClick={start}>
          {t('retry.act', { count: selected.length })}
        </Button>
        {children}
        <Text size="sm" component="div" role="status">
          {retry.isPending && t('retry.progress', { count: progress.done, total: progress.total })}
          {retry.data && retry.data.accepted > 0 && t('retry.done', { count: retry.data.accepted })}
        </Text>
        {retry.isPending && (
          <Progress.Root flex={1}>
            <Progress.Section
              value={(progress.done / Math.max(1, progress.total)) * 100}
              aria-label={t('retry.progress', { count: progress.done, total: progress.total })}
            />
          </Progress.Root>
        )}
      </Group>
      {retry.data && retry.data.refused.length > 0 && <Refusals refused={retry.data.refused} />}
    </>
  );
}

function Refusals({ refused }: { readonly refused: readonly RetryRefusal[] }) {
  const { t } = useTranslation('recordings');
  return (
    <Alert color="orange" variant="light" title={t('retry.refused', { count: refused.length })}>
      <List size="sm">
        {refused.map(({ recording, code, detail }) => (
          <List.Item key={recording.id}>
            {t('retry.refusedOne', {
              callId: recording.callId,
              why: t(`refusal.${toKnownRefusal(code)}`, { detail }),
            })}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}

const known = ['attempt-running', 'recording-archived-already', 'recording-not-downloadable'] as const;

function toKnownRefusal(code: string): (typeof known)[number] | 'other' {
  return known.find((each) => each === code) ?? 'other';
}
