import { NumberInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../client.ts';
import { ConfirmDialog } from '../../../parts/confirm-dialog.tsx';
import { queryKeys } from '../../../query-keys.ts';

export interface RotationDialogProps {
  readonly endpointId: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onRotated: () => void;
}

const defaultHours = 24;
const maxHours = 8_760;

/** Makes a new signing secret; for a while pushes are signed with the old ones, too. */
export function RotationDialog({ endpointId, isOpen, onClose, onRotated }: RotationDialogProps) {
  const { t } = useTranslation('endpoints');
  const client = useClient();
  const queryClient = useQueryClient();
  const [hours, setHours] = useState<number | string>(defaultHours);
  const rotate = useMutation({
    mutationFn: () => client.endpoints.rotateSecret(endpointId, { overlapSeconds: Number(hours) * 3600 }),
    onSuccess: (endpoint) => {
      queryClient.setQueryData([...queryKeys.endpoints, endpointId], endpoint);
      onClose();
      onRotated();
    },
  });
  return (
    <ConfirmDialog
      isOpen={isOpen}
      title={t('rotation.title')}
      act={t('rotation.act')}
      isRunning={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm">{t('rotation.text')}</Text>
        <NumberInput
          label={t('rotation.overlap')}
          description={t('rotation.overlapText')}
          value={hours}
          onChange={setHours}
          min={0}
          max={maxHours}
          clampBehavior="strict"
          hideControls
          maw={200}
        />
      </Stack>
    </ConfirmDialog>
  );
}
