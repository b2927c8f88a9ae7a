import { Button, Code, Group, List, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { StorageTest } from '../../../src/contract/service.ts';
import { useClient } from '../client.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Icon } from '../parts/icon.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { ServerWords } from '../parts/server-words.tsx';
import classes from './storage-check.module.css';

/** Keeps, reads and deletes a small file where recordings are kept, and tells each step. */
export function StorageCheck({ onFine }: { readonly onFine?: () => void }) {
  const { t } = useTranslation('set-up');
  const client = useClient();
  const test = useMutation({
    mutationFn: () => client.testStorage(),
    onSuccess: ({ isFine }) => {
      if (isFine) onFine?.();
    },
  });
  return (
    <Stack gap="xs" align="flex-start">
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
        {t('storage.act')}
      </Button>
      {test.error && <ProblemAlert error={test.error} />}
      <div role="status">{test.data && <StorageResult result={test.data} />}</div>
    </Stack>
  );
}

function StorageResult({ result }: { readonly result: StorageTest }) {
  const { t } = useTranslation('set-up');
  const format = useFormat();
  return (
    <Stack gap={4}>
      <Text size="sm">
        {t(result.isFine ? 'storage.fine' : 'storage.broken')} <Code>{result.place}</Code>
      </Text>
      <List listStyleType="none" size="sm" spacing={2}>
        {result.steps.map(({ name, isFine, durationMs, detail }) => (
          <List.Item key={name}>
            <Group gap={6} wrap="nowrap" align="flex-start">
              <span className={classes.mark} data-fine={isFine}>
                <Icon name={isFine ? 'done' : 'bad'} />
              </span>
              <span>
                {t(`storage.step.${name}`)} ({format.milliseconds(durationMs)}){' '}
                {isFine ? t('storage.stepFine') : <ServerWords text={detail ?? ''} />}
              </span>
            </Group>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
