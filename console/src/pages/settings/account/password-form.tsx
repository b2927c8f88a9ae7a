import { Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { minPasswordLength } from '../../../../../src/contract/form-values.ts';
import { useClient } from '../../../client.ts';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';

export function PasswordForm() {
  const { t } = useTranslation('settings');
  const client = useClient();
  const queryClient = useQueryClient();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => client.session.changePassword({ current, password }),
    onSuccess: async () => {
      setCurrent('');
      setPassword('');
      await queryClient.invalidateQueries({ queryKey: queryKeys.sessions });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Stack gap="sm" maw={360} align="stretch">
        {change.error && <ProblemAlert error={change.error} />}
        <PasswordInput
          label={t('account.current')}
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('account.new')}
          description={t('passwordText', { count: minPasswordLength })}
          autoComplete="new-password"
          required
          minLength={minPasswordLength}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={change.isPending}>
          {t('account.change')}
        </Button>
        <Text size="sm" role="status">
          {change.isSuccess ? t('account.changed') : ''}
        </Text>
      </Stack>
    </form>
  );
}
