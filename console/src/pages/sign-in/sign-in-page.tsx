import { Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../../../src/contract/client.ts';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useKeepSession, useSession } from '../../session/use-session.ts';
import { Entrance } from './entrance.tsx';

export function SignInPage() {
  const { t } = useTranslation('sign-in');
  const { singleSignOn } = useSession();
  const { refused } = useSearch({ from: addresses.signIn });
  return (
    <Entrance title={t('signIn.title')}>
      {refused !== undefined && <ProblemAlert error={new ApiProblem(403, { code: refused, detail: '' })} />}
      {singleSignOn && (
        <>
          <Button component="a" href={singleSignOn.path} variant="default" fullWidth>
            {t('signIn.with', { name: singleSignOn.name })}
          </Button>
          <Divider label={t('signIn.or')} />
        </>
      )}
      <PasswordForm />
    </Entrance>
  );
}

function PasswordForm() {
  const { t } = useTranslation('sign-in');
  const client = useClient();
  const keepSession = useKeepSession();
  const router = useRouter();
  const { then } = useSearch({ from: addresses.signIn });
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => client.session.signIn({ name: name.trim(), password }),
    onSuccess: (session) => {
      keepSession(session);
      router.history.replace(ownPath(then));
    },
    onError: () => setPassword(''),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <Stack gap="sm">
        {signIn.error && <ProblemAlert error={signIn.error} />}
        <TextInput
          label={t('name')}
          autoComplete="username"
          autoFocus
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={signIn.isPending}>
          {t('signIn.act')}
        </Button>
      </Stack>
    </form>
  );
}

/** Where to go on: a path of this console, whatever the address claims. */
function ownPath(then: string | undefined): string {
  const url = new URL(then ?? '/', window.location.origin);
  return url.origin === window.location.origin ? url.pathname + url.search : '/';
}
