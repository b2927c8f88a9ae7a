import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queryKeys } from '../query-keys.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

export interface AcknowledgeButtonProps {
  readonly count: number;
  readonly isDisabled?: boolean;
  readonly onAcknowledge: (reason: string) => Promise<unknown>;
  readonly onDone: () => unknown;
}

/** Says of what cannot be mended, and why, that nobody needs to look at it any more. */
export function AcknowledgeButton({ count, isDisabled, onAcknowledge, onDone }: AcknowledgeButtonProps) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const acknowledge = useMutation({
    mutationFn: () => onAcknowledge(reason),
    onSuccess: () => {
      setOpen(false);
      setReason('');
    },
    // Of several, some may have been acknowledged before one was refused.
    onSettled: async () => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.status });
      await onDone();
    },
  });
  return (
    <>
      <Button variant="default" disabled={isDisabled ?? false} onClick={() => setOpen(true)}>
        {t('acknowledge.act', { count })}
      </Button>
      <ConfirmDialog
        isOpen={isOpen}
        title={t('acknowledge.title')}
        act={t('acknowledge.act', { count })}
        isRunning={acknowledge.isPending}
        isReady={reason.trim() !== ''}
        error={acknowledge.error}
        onConfirm={() => acknowledge.mutate()}
        onClose={() => setOpen(false)}
      >
        <Stack gap="sm">
          <Text size="sm">{t('acknowledge.text')}</Text>
          <TextInput
            label={t('acknowledge.reason')}
            required
            maxLength={1_000}
            value={reason}
            onChange={({ currentTarget: { value } }) => setReason(value)}
          />
        </Stack>
      </ConfirmDialog>
    </>
  );
}
