import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DemoState } from '../../../src/contract/service.ts';
import { useClient } from '../client.ts';
import { useFormat } from '../i18n/use-format.ts';
import { ConfirmDialog } from '../parts/confirm-dialog.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { queryKeys } from '../query-keys.ts';

/** While calls come or go. */
const pollMs = 1_000;

/** Made-up calls, pushed through the real intake with generated audio; removable again. */
export function DemoData() {
  const { t } = useTranslation('set-up');
  const client = useClient();
  const queryClient = useQueryClient();
  const demo = useQuery({
    queryKey: queryKeys.demo,
    queryFn: () => client.demo.get(),
    refetchInterval: ({ state: { data } }) =>
      data?.state === 'loading' || data?.state === 'removing' ? pollMs : false,
  });
  const keep = (state: DemoState): void => {
    queryClient.setQueryData(queryKeys.demo, state);
  };
  const load = useMutation({ mutationFn: () => client.demo.load(), onSuccess: keep });
  const error = demo.error ?? load.error;
  return (
    <Stack gap="xs" align="flex-start">
      {error && <ProblemAlert error={error} />}
      {demo.data && <DemoProgress demo={demo.data} />}
      {demo.data?.state === 'absent' &&
        (demo.data.canLoad ? (
          <Button variant="default" loading={load.isPending} onClick={() => load.mutate()}>
            {t('demo.load')}
          </Button>
        ) : (
          <Text size="sm">{t('demo.cannotLoad')}</Text>
        ))}
      {demo.data?.state === 'present' && <RemoveDemo onRemoved={keep} />}
    </Stack>
  );
}

function DemoProgress({ demo: { state, calls, wanted, archived } }: { readonly demo: DemoState }) {
  const { t } = useTranslation('set-up');
  const format = useFormat();
  if (state === 'absent') return null;
  const words = t(`demo.${state}`, {
    calls: format.number(calls),
    wanted: format.number(wanted),
    archived: format.number(archived),
  });
  return (
    <Stack gap={4} w="100%">
      <Text size="sm" role="status">
        {words}
      </Text>
      {state === 'loading' && (
        <Progress value={wanted === 0 ? 0 : (calls / wanted) * 100} aria-label={t('demo.title')} />
      )}
    </Stack>
  );
}

function RemoveDemo({ onRemoved }: { readonly onRemoved: (state: DemoState) => void }) {
  const { t } = useTranslation('set-up');
  const client = useClient();
  const [isAsking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => client.demo.remove(),
    onSuccess: (state) => {
      setAsking(false);
      onRemoved(state);
    },
  });
  return (
    <Group>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('demo.remove')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('demo.removeTitle')}
        act={t('demo.remove')}
        isDangerous
        isRunning={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      >
        {t('demo.removeText')}
      </ConfirmDialog>
    </Group>
  );
}
