import { Button, NativeSelect, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Source } from '../../../../../src/contract/sources.ts';
import { useClient } from '../../../client.ts';
import { ConfirmDialog } from '../../../parts/confirm-dialog.tsx';
import { queryKeys } from '../../../query-keys.ts';

const overlaps = { none: 0, hour: 3_600, day: 86_400, week: 604_800 } as const;
type Overlap = keyof typeof overlaps;

/** Gives a source a new address; the old one goes on working for as long as is chosen. */
export function RotateSource({ source }: { readonly source: Source }) {
  const { t } = useTranslation('settings');
  const client = useClient();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const [overlap, setOverlap] = useState<Overlap>('week');
  const rotate = useMutation({
    mutationFn: () => client.sources.rotate(source.id, { overlapSeconds: overlaps[overlap] }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.sources });
      setAsking(false);
    },
  });
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('sources.rotate')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('sources.rotateTitle', { name: source.name })}
        act={t('sources.rotate')}
        isRunning={rotate.isPending}
        error={rotate.error}
        onConfirm={() => rotate.mutate()}
        onClose={() => setAsking(false)}
      >
        <Stack gap="sm">
          <Text size="sm">{t('sources.rotateText')}</Text>
          <NativeSelect
            label={t('sources.overlap')}
            value={overlap}
            onChange={(event) => setOverlap(event.currentTarget.value as Overlap)}
            data={(Object.keys(overlaps) as Overlap[]).map((value) => ({
              value,
              label: t(`sources.overlapFor.${value}`),
            }))}
          />
        </Stack>
      </ConfirmDialog>
    </>
  );
}
