import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { minPasswordLength } from '../../../../src/contract/form-values.ts';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { AnchorLink } from '../../parts/links.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useKeepSession, useSession } from '../../session/use-session.ts';
import { Entrance } from './entrance.tsx';
import { takeToken } from './take-token.ts';

/** The first screen of a new Earshot: the link that its start printed makes the first administrator. */
export function SetUpPage() {
  const { t } = useTranslation('sign-in');
  const { setupNeeded } = useSession();
  const [token] = useState(takeToken);
  if (!setupNeeded) {
    return (
      <Entrance title={t('setUp.done')} text={t('setUp.doneText')}>
        <AnchorLink to={addresses.signIn}>{t('signIn.title')}</AnchorLink>
      </Entrance>
    );
  }
  if (token === undefined) {
    return (
      <Entrance title={t('setUp.title')} text={t('setUp.noToken')}>
        <Text size="sm">{t('setUp.whereToken')}</Text>
        <AnchorLink to={addresses.signIn}>{t('signIn.title')}</AnchorLink>
      </Entrance>
    );
  }
  return (
    <Entrance title={t('setUp.title')} text={t('setUp.text')}>
      <FirstAccountForm token={token} />
    </Entrance>
  );
}

function FirstAccountForm({ token }: { readonly token: string }) {
  const { t } = useTranslation('sign-in');
  const client = useClient();
  const keepSession = useKeepSession();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const isDifferent = again !== '' && again !== password;
  const setUp = useMutation({
    mutationFn: () => client.session.setUp({ token, name: name.trim(), password }),
    onSuccess: async (session) => {
      keepSession(session);
      await navigate({ to: addresses.start });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (again === password) setUp.mutate();
      }}
    >
      <Stack gap="sm">
        {setUp.error && <ProblemAlert error={setUp.error} />}
        <TextInput
          label={t('name')}
          description={t('setUp.nameText')}
          autoComplete="username"
          autoFocus
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('password')}
          description={t('setUp.passwordText', { count: minPasswordLength })}
          autoComplete="new-password"
          required
          minLength={minPasswordLength}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('setUp.again')}
          autoComplete="new-password"
          required
          error={isDifferent && t('setUp.different')}
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <Button type="submit" loading={setUp.isPending}>
          {t('setUp.act')}
        </Button>
      </Stack>
    </form>
  );
}
