import { ActionIcon, Anchor, Group, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Export } from '../../../../src/contract/exports.ts';
import { useClient } from '../../client.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ByteCount } from '../../parts/byte-count.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Instant } from '../../parts/instant.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { ServerWords } from '../../parts/server-words.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { exportsKey, isMoving } from './exports.ts';

export interface ExportListProps {
  readonly items: readonly Export[];
  readonly error: Error | null;
}

export function ExportList({ items, error }: ExportListProps) {
  const { t } = useTranslation('calls');
  if (error) return <ProblemAlert error={error} />;
  if (items.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('exports.none')}
      </Text>
    );
  return (
    <Stack
      component="ul"
      aria-label={t('exports.title')}
      // Scrolls, and may hold nothing that takes the focus.
      tabIndex={0}
      gap="sm"
      m={0}
      p={0}
      mah={420}
      style={{ overflow: 'auto', listStyle: 'none' }}
    >
      {items.map((item) => (
        <li key={item.id}>
          <ExportLine item={item} />
        </li>
      ))}
    </Stack>
  );
}

function ExportLine({ item }: { readonly item: Export }) {
  const { t } = useTranslation('calls');
  const client = useClient();
  const queryClient = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => client.exports.cancel(item.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: exportsKey }),
  });
  return (
    <Stack gap={4}>
      <Group gap="xs" wrap="nowrap">
        <StateBadge state={item.state} />
        <Text size="sm" fw={500}>
          {t(`format.${item.format}`)}
        </Text>
        <Text size="xs" c="dimmed" ml="auto" component="span">
          <Instant at={item.createdAt} isRelative />
        </Text>
        {isMoving(item) && (
          <ActionIcon size="sm" aria-label={t('exports.cancel')} onClick={() => cancel.mutate()}>
            <Icon name="close" size={14} />
          </ActionIcon>
        )}
      </Group>
      {isMoving(item) && <ExportProgress item={item} />}
      {item.state === 'done' && (
        <Group gap="xs">
          <Anchor href={client.exports.fileAddress(item.id)} download size="sm">
            {item.fileName ?? t('exports.download')}
          </Anchor>
          <Text size="xs" c="dimmed" component="span">
            <ByteCount bytes={item.bytes} />
          </Text>
        </Group>
      )}
      {item.state === 'failed' && (
        <Text size="sm" c="red">
          {item.reason !== undefined && <ServerWords text={item.reason} />}
        </Text>
      )}
    </Stack>
  );
}

function ExportProgress({ item }: { readonly item: Export }) {
  const { t } = useTranslation('calls');
  const format = useFormat();
  const { done, total } = item;
  const text =
    total === undefined
      ? t('exports.done', { done: format.number(done) })
      : t('exports.doneOf', { done: format.number(done), total: format.number(total) });
  return (
    <div>
      <Progress
        value={total === undefined ? 100 : (100 * done) / Math.max(1, total)}
        animated
        size="sm"
        aria-label={text}
      />
      <Text size="xs" c="dimmed">
        {text}
      </Text>
    </div>
  );
}
