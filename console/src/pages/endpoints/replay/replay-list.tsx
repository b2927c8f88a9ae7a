import { Button, Group, Progress, Stack, Table, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Replay } from '../../../../../src/contract/replays.ts';
import { useCancelReplay, useReplays } from '../../../endpoints/use-replays.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { Instant } from '../../../parts/instant.tsx';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { StateBadge } from '../../../parts/state-badge.tsx';
import { ReasonName } from '../../../reasons/reason-note.tsx';
import { useMay } from '../../../session/use-session.ts';

/** What was sent again to an endpoint, and how far it is; nothing where nothing ever was. */
export function ReplayList({ endpointId }: { readonly endpointId: string }) {
  const { t } = useTranslation('endpoints');
  const replays = useReplays(endpointId);
  if (replays.error) return <ProblemAlert error={replays.error} onRetry={() => void replays.refetch()} />;
  if (!replays.data || replays.data.length === 0) return null;
  return (
    <section aria-labelledby="replays-of-endpoint">
      <Title order={2} mb="sm" id="replays-of-endpoint">
        {t('replay.list')}
      </Title>
      <Table.ScrollContainer minWidth={640}>
        <Table aria-labelledby="replays-of-endpoint">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('replay.column.createdAt')}</Table.Th>
              <Table.Th>{t('replay.column.what')}</Table.Th>
              <Table.Th>{t('replay.column.state')}</Table.Th>
              <Table.Th>{t('replay.column.progress')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {replays.data.map((replay) => (
              <ReplayRow key={replay.id} replay={replay} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

function ReplayRow({ replay }: { readonly replay: Replay }) {
  const { t } = useTranslation('endpoints');
  const format = useFormat();
  const { reason, afterSeq, untilSeq } = replay;
  return (
    <Table.Tr>
      <Table.Td>
        <Instant at={replay.createdAt} />
      </Table.Td>
      <Table.Td>
        {t(`replay.made.${replay.kind}`)}
        {reason !== undefined && (
          <Text size="xs" c="dimmed">
            <ReasonName kind="delivery" word={reason} />
          </Text>
        )}
        {afterSeq !== undefined && untilSeq !== undefined && (
          <Text size="xs" c="dimmed">
            {t('replay.seqs', { from: format.number(afterSeq + 1), to: format.number(untilSeq) })}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <StateBadge state={replay.state} />
      </Table.Td>
      <Table.Td>
        <ReplayProgress replay={replay} />
      </Table.Td>
    </Table.Tr>
  );
}

function ReplayProgress({ replay }: { readonly replay: Replay }) {
  const { t } = useTranslation('endpoints');
  const { t: tCommon } = useTranslation();
  const format = useFormat();
  const mayOperate = useMay('operate');
  const cancel = useCancelReplay();
  const { messages, deliveries, done, total, state } = replay;
  const messageCount = t('messageCount', { count: messages, number: format.number(messages) });
  const deliveryCount = t('deliveryCount', { count: deliveries, number: format.number(deliveries) });
  return (
    <Stack gap={4}>
      {state === 'running' && (
        <Progress.Root>
          <Progress.Section
            value={total === 0 ? 0 : (done / total) * 100}
            aria-label={t('replay.column.progress')}
          />
        </Progress.Root>
      )}
      <Group gap="xs">
        <Text size="sm">{t('replay.sent', { messages: messageCount, deliveries: deliveryCount })}</Text>
        {state === 'running' && mayOperate && (
          <Button
            variant="default"
            size="compact-xs"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(replay.id)}
          >
            {tCommon('cancel')}
          </Button>
        )}
      </Group>
      {cancel.error && <ProblemAlert error={cancel.error} />}
    </Stack>
  );
}
