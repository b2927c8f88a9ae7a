import { Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { QuarantineDetail } from '../../../../../src/contract/quarantine.ts';
import { addresses } from '../../../addresses.ts';
import { useClient } from '../../../client.ts';
import { useKeyBindings } from '../../../keyboard/keyboard.tsx';
import { ConfirmDialog } from '../../../parts/confirm-dialog.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { useNotice } from '../../../parts/use-notice.tsx';
import { queryKeys } from '../../../query-keys.ts';

/** Deletes an item for good, once that was confirmed. */
export function DiscardButton({ item }: { readonly item: QuarantineDetail }) {
  const { t } = useTranslation('quarantine');
  const client = useClient();
  const queryClient = useQueryClient();
  const notice = useNotice();
  const navigate = useNavigate();
  const [isAsking, dialog] = useDisclosure(false);
  const discard = useMutation({
    mutationFn: () => client.quarantine.discard(item.id),
    onSuccess: async () => {
      notice(() => t('discard.done'));
      await navigate({ to: addresses.quarantine });
      await queryClient.invalidateQueries({ queryKey: [...queryKeys.quarantine, 'list'] });
    },
  });
  useKeyBindings(t('title'), [{ keys: 'd', label: t('discard.act'), run: dialog.open }]);
  return (
    <>
      <Button variant="default" leftSection={<Icon name="trash" size={14} />} onClick={dialog.open}>
        {t('discard.open')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('discard.title')}
        act={t('discard.act')}
        isDangerous
        isRunning={discard.isPending}
        error={discard.error}
        onConfirm={() => discard.mutate()}
        onClose={dialog.close}
      >
        <Text size="sm">{t('discard.text', { count: item.bytes })}</Text>
      </ConfirmDialog>
    </>
  );
}
