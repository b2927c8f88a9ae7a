import { Button } from '@mantine/core';
import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';

export interface RemoveButtonProps {
  /** The thing's name. */
  readonly what: string;
  /** What goes with it. */
  readonly text: string;
  readonly remove: () => Promise<void>;
  /** Of the list that it is gone from then. */
  readonly queryKey: QueryKey;
}

/** Removes a thing for good, once it is confirmed. */
export function RemoveButton({ what, text, remove, queryKey }: RemoveButtonProps) {
  const { t } = useTranslation('settings');
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey });
      setAsking(false);
    },
  });
  return (
    <>
      <Button variant="default" aria-label={t('removeWhat', { what })} onClick={() => setAsking(true)}>
        {t('remove')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('removeTitle', { what })}
        act={t('remove')}
        isDangerous
        isRunning={removal.isPending}
        error={removal.error}
        onConfirm={() => removal.mutate()}
        onClose={() => setAsking(false)}
      >
        {text}
      </ConfirmDialog>
    </>
  );
}
