import { Button, Group, Stack } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { DeliveryDetail } from '../../../../src/contract/deliveries.ts';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { EndpointLink } from '../../endpoints/endpoint-link.tsx';
import { AskingKey } from '../../keyboard/asking-key.tsx';
import { AcknowledgeButton } from '../../parts/acknowledge-button.tsx';
import { AcknowledgementNote } from '../../parts/acknowledgement-note.tsx';
import { AnswerState } from '../../parts/answer-state.tsx';
import { PageWithoutAnswer } from '../../parts/page-without-answer.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useNotice } from '../../parts/use-notice.tsx';
import { queryKeys } from '../../query-keys.ts';
import { ReasonNote } from '../../reasons/reason-note.tsx';
import { useMay, useMayReplay } from '../../session/use-session.ts';
import { AttemptLog } from './one/attempt-log.tsx';
import { DeliveryFacts } from './one/delivery-facts.tsx';
import { DeliveryMessages } from './one/delivery-messages.tsx';

/** While it is on its way. */
const pendingMs = 2_000;

/** One batch: what is in it, and everything that was tried. */
export function DeliveryPage() {
  const { deliveryId } = useParams({ from: '/shell/deliveries/$deliveryId' });
  const { t } = useTranslation('deliveries');
  const client = useClient();
  const delivery = useQuery({
    queryKey: [...queryKeys.deliveries, deliveryId],
    queryFn: () => client.deliveries.get(deliveryId),
    refetchInterval: ({ state }) => (state.data?.state === 'pending' ? pendingMs : false),
  });
  if (!delivery.data) return <PageWithoutAnswer title={t('one', { id: deliveryId })} answer={delivery} />;
  return (
    <>
      <AnswerState of={delivery} />
      {/* The state of what is opened in it belongs to one delivery. */}
      <ShownDelivery key={deliveryId} delivery={delivery.data} />
    </>
  );
}

function ShownDelivery({ delivery }: { readonly delivery: DeliveryDetail }) {
  const { t } = useTranslation('deliveries');
  const mayReplay = useMayReplay();
  const client = useClient();
  const queryClient = useQueryClient();
  const mayOperate = useMay('operate');
  const { state, replayedAs, acknowledged } = delivery;
  const waits = state === 'dead' && replayedAs === undefined && !acknowledged;
  return (
    <>
      <PageHeader
        title={t('one', { id: delivery.id })}
        description={<EndpointLink id={delivery.endpointId} />}
      >
        {mayOperate && waits && (
          <AcknowledgeButton
            count={1}
            onAcknowledge={(reason) => client.deliveries.acknowledge(delivery.id, { reason })}
            onDone={() => queryClient.invalidateQueries({ queryKey: queryKeys.deliveries })}
          />
        )}
        {mayReplay && state !== 'pending' && <ReplayButton deliveryId={delivery.id} />}
      </PageHeader>
      <Stack gap="xl">
        <Stack gap="sm">
          <Group gap="sm" align="flex-start" wrap="nowrap">
            <StateBadge state={delivery.state} />
            {delivery.reason !== undefined && <ReasonNote kind="delivery" word={delivery.reason} />}
          </Group>
          {acknowledged && <AcknowledgementNote of={acknowledged} />}
          <DeliveryFacts delivery={delivery} />
        </Stack>
        <AttemptLog attempts={delivery.attemptLog} />
        <DeliveryMessages seqs={delivery.seqs} />
      </Stack>
    </>
  );
}

/** Makes a new delivery of the same messages and goes there. */
function ReplayButton({ deliveryId }: { readonly deliveryId: string }) {
  const { t } = useTranslation('deliveries');
  const client = useClient();
  const queryClient = useQueryClient();
  const notice = useNotice();
  const navigate = useNavigate();
  const replay = useMutation({
    mutationFn: () => client.deliveries.replay(deliveryId),
    onSuccess: async ({ id }) => {
      notice(() => t('replayStarted'));
      await queryClient.invalidateQueries({ queryKey: queryKeys.deliveries });
      await navigate({ to: addresses.delivery, params: { deliveryId: id } });
    },
  });
  return (
    <>
      <AskingKey group={t('title')} keys="r" label={t('replay')} onConfirm={() => replay.mutate()} />
      {replay.error && <ProblemAlert error={replay.error} />}
      <Button loading={replay.isPending} onClick={() => replay.mutate()}>
        {t('replay')}
      </Button>
    </>
  );
}
