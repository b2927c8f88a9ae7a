import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../../../../src/contract/session.ts';
import { useClient } from '../../../client.ts';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';

/** For somebody who has lost what their codes come from, or the device with their passkey. */
export function FactorRemoval({ person: { id } }: { readonly person: Person }) {
  const { t } = useTranslation('settings');
  const client = useClient();
  const queryClient = useQueryClient();
  const removal = useMutation({
    mutationFn: () => client.people.removeSecondFactor(id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.people }),
  });
  return (
    <Stack gap="xs" mt="md" align="flex-start">
      <Text size="sm" role="status">
        {removal.isSuccess ? t('factor.removed') : t('factor.removeText')}
      </Text>
      {removal.error && <ProblemAlert error={removal.error} />}
      {!removal.isSuccess && (
        <Button variant="default" loading={removal.isPending} onClick={() => removal.mutate()}>
          {t('factor.remove')}
        </Button>
      )}
    </Stack>
  );
}
