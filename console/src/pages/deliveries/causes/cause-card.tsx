import { Button, Group, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { DeliveryCauses } from '../../../../../src/contract/service.ts';
import { addresses } from '../../../addresses.ts';
import { useClient } from '../../../client.ts';
import { EndpointLink } from '../../../endpoints/endpoint-link.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { AcknowledgeButton } from '../../../parts/acknowledge-button.tsx';
import { Instant } from '../../../parts/instant.tsx';
import { AnchorLink } from '../../../parts/links.tsx';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { ReasonNote } from '../../../reasons/reason-note.tsx';
import { useReasons } from '../../../reasons/use-reasons.ts';
import { queryKeys } from '../../../query-keys.ts';
import { useMay, useMayReplay } from '../../../session/use-session.ts';
import { acknowledgeCause } from './acknowledge-cause.ts';
import { useCauseReplay } from './use-cause-replay.ts';

interface CauseCardProps {
  readonly cause: DeliveryCauses['items'][number];
  /** There are older ones than were counted; a replay sends them, too. */
  readonly isPartial: boolean;
}

/** One cause at one endpoint: how much died of it, what to do about it, and the way to send it again. */
export function CauseCard({ cause, isPartial }: CauseCardProps) {
  const { t } = useTranslation('deliveries');
  const format = useFormat();
  const { name } = useReasons()('delivery', cause.reason);
  const { deliveries, messages } = cause;
  return (
    <Paper withBorder p="md" component="section" aria-label={name}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h3">
            {name}
          </Title>
          <Text size="sm" component="span">
            <EndpointLink id={cause.endpointId} />
          </Text>
        </Group>
        <Text size="sm">
          {t('causes.count', {
            deliveries: t('deliveryCount', { count: deliveries, number: format.number(deliveries) }),
            messages: t('messageCount', { count: messages, number: format.number(messages) }),
          })}
          {' · '}
          <AnchorLink
            to={addresses.delivery}
            params={{ deliveryId: cause.newestId }}
            inherit
            underline="always"
          >
            {t('causes.newest')}
          </AnchorLink>{' '}
          <Instant at={cause.newestAt} isRelative />
        </Text>
        <ReasonNote kind="delivery" word={cause.reason} />
        <CauseReplay cause={cause} isPartial={isPartial} />
      </Stack>
    </Paper>
  );
}

function CauseReplay({ cause, isPartial }: CauseCardProps) {
  const { t } = useTranslation('deliveries');
  const { t: tCommon } = useTranslation();
  const client = useClient();
  const queryClient = useQueryClient();
  const mayOperate = useMay('operate');
  const mayReplay = useMayReplay();
  const { running, start, cancel, error } = useCauseReplay(cause);
  const progress = running && t('causes.progress', { count: running.done, total: running.total });
  return (
    <Stack gap="xs" align="flex-start">
      {error && <ProblemAlert error={error} />}
      {running && (
        <Progress.Root w="100%">
          <Progress.Section
            value={running.total === 0 ? 0 : (running.done / running.total) * 100}
            aria-label={progress}
          />
        </Progress.Root>
      )}
      <Group gap="xs">
        {mayReplay && !running && (
          <Button loading={start.isPending} onClick={() => start.mutate()}>
            {isPartial ? t('causes.replayPartial') : t('causes.replay', { count: cause.deliveries })}
          </Button>
        )}
        {mayOperate && !running && (
          <AcknowledgeButton
            count={cause.deliveries}
            onAcknowledge={(reason) => acknowledgeCause(client.deliveries, cause, reason)}
            onDone={() => queryClient.invalidateQueries({ queryKey: queryKeys.deliveries })}
          />
        )}
        {mayOperate && running && (
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(running.id)}>
            {tCommon('cancel')}
          </Button>
        )}
        <Text size="sm" role="status">
          {progress}
        </Text>
      </Group>
    </Stack>
  );
}
