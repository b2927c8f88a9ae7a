import { Alert, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../client.ts';
import { AnswerState } from '../../../parts/answer-state.tsx';
import { EmptyState } from '../../../parts/empty-state.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { CauseCard } from './cause-card.tsx';

/** Dead deliveries together by endpoint and cause: what one remedy mends is replayed by one act. */
export function CauseList({ endpointId }: { readonly endpointId: string | undefined }) {
  const { t } = useTranslation('deliveries');
  const client = useClient();
  const causes = useQuery({
    queryKey: [...queryKeys.deliveries, 'causes', endpointId ?? ''],
    queryFn: () => client.deliveries.causes(endpointId),
  });
  return (
    <Stack gap="sm">
      <AnswerState of={causes} />
      {causes.data?.isPartial === true && <Alert color="gray">{t('causes.partial')}</Alert>}
      {causes.data?.items.length === 0 && (
        <EmptyState icon="done" title={t('causes.none')}>
          {t('causes.noneText')}
        </EmptyState>
      )}
      {causes.data?.items.map((cause) => (
        <CauseCard
          key={`${cause.endpointId} ${cause.reason}`}
          cause={cause}
          isPartial={causes.data.isPartial}
        />
      ))}
    </Stack>
  );
}
