import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../client.ts';
import { AnswerState } from '../../../parts/answer-state.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { NewSourceDialog } from './new-source-dialog.tsx';
import { SourceCard } from './source-card.tsx';

const pollMs = 10_000;

/** Where pushes come from, each with an address of its own. */
export function SourcesSection() {
  const { t } = useTranslation('settings');
  const client = useClient();
  const [isCreating, creating] = useDisclosure(false);
  const sources = useQuery({
    queryKey: queryKeys.sources,
    queryFn: () => client.sources.list(),
    refetchInterval: pollMs,
  });
  return (
    <Stack gap="sm" maw={860}>
      <Group justify="space-between">
        <Text size="sm">{t('sources.text')}</Text>
        <Button leftSection={<Icon name="plus" />} onClick={creating.open}>
          {t('sources.create')}
        </Button>
      </Group>
      <AnswerState of={sources} />
      {sources.data?.items.map((source) => (
        <SourceCard key={source.id} source={source} />
      ))}
      <NewSourceDialog isOpen={isCreating} onClose={creating.close} />
    </Stack>
  );
}
