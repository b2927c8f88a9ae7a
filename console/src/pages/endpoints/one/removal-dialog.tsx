import { List, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { EndpointDetail } from '../../../../../src/contract/endpoints.ts';
import { addresses } from '../../../addresses.ts';
import { useClient } from '../../../client.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { ConfirmDialog } from '../../../parts/confirm-dialog.tsx';
import { queryKeys } from '../../../query-keys.ts';

export interface DialogProps {
  readonly endpoint: EndpointDetail;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Names everything that goes with an endpoint before it goes. */
export function RemovalDialog({ endpoint, isOpen, onClose }: DialogProps) {
  const { t } = useTranslation('endpoints');
  const format = useFormat();
  const client = useClient();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => client.endpoints.remove(endpoint.id),
    onSuccess: async () => {
      await navigate({ to: addresses.endpoints });
      queryClient.removeQueries({ queryKey: [...queryKeys.endpoints, endpoint.id] });
      await queryClient.invalidateQueries({ queryKey: queryKeys.endpoints });
    },
  });
  const counted = (count: number) => ({ count, number: format.number(count) });
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={t('removal.title', { name: endpoint.name })}
      act={t('removal.act')}
      isDangerous
      isRunning={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <Stack gap="xs">
        <Text size="sm">{t('removal.text')}</Text>
        <List size="sm" withPadding>
          <List.Item>{t('removal.settings')}</List.Item>
          <List.Item>{t('removal.pending', counted(endpoint.deliveries.pending))}</List.Item>
          <List.Item>{t('removal.dead', counted(endpoint.deliveries.dead))}</List.Item>
          <List.Item>{t('removal.delivered', counted(endpoint.deliveries.delivered))}</List.Item>
          {endpoint.lag > 0 && <List.Item>{t('removal.lag', counted(endpoint.lag))}</List.Item>}
        </List>
        <Text size="sm">{t('removal.final')}</Text>
      </Stack>
    </ConfirmDialog>
  );
}
