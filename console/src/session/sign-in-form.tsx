import { Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../../src/contract/session.ts';
import { ApiProblem } from '../../../src/contract/client.ts';
import { useClient } from '../client.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { PasskeyButton } from './passkey-button.tsx';

export interface SignInFormProps {
  /** Where else, and by what else people sign in here. */
  readonly ways: Pick<SessionState, 'singleSignOn' | 'hasPasskeys'>;
  /** Whoever was signed in until now; then what lies in the page stays, and signing in elsewhere has a tab of its own. */
  readonly again?: string;
  readonly onSignedIn: (session: SessionState) => void;
}

/** Signs in elsewhere, where that is set up, with a passkey, or with a password. */
export function SignInForm({ ways: { singleSignOn, hasPasskeys }, again, onSignedIn }: SignInFormProps) {
  const { t } = useTranslation('sign-in');
  const client = useClient();
  return (
    <>
      {singleSignOn && (
        <Button
          component="a"
          href={singleSignOn.path}
          {...(again === undefined ? {} : { target: '_blank' })}
          variant="default"
          fullWidth
        >
          {t('signIn.with', { name: singleSignOn.name })}
        </Button>
      )}
      {hasPasskeys && (
        <PasskeyButton
          label={t('passkey.signIn')}
          send={(passkey) => client.session.signInByPasskey({ passkey })}
          onDone={onSignedIn}
        />
      )}
      {(singleSignOn !== undefined || hasPasskeys) && <Divider label={t('signIn.or')} />}
      <PasswordForm name={again ?? ''} onSignedIn={onSignedIn} />
    </>
  );
}

interface PasswordFormProps {
  readonly name: string;
  readonly onSignedIn: (session: SessionState) => void;
}

function PasswordForm({ name: before, onSignedIn }: PasswordFormProps) {
  const { t } = useTranslation('sign-in');
  const client = useClient();
  const [name, setName] = useState(before);
  const [password, setPassword] = useState('');
  // Undefined until the server asks for one.
  const [code, setCode] = useState<string>();
  const signIn = useMutation({
    mutationFn: () =>
      client.session.signIn({ name: name.trim(), password, ...(code !== undefined && { code }) }),
    onSuccess: onSignedIn,
    onError: (error) => {
      const asksForCode = error instanceof ApiProblem && ['code-required', 'code-wrong'].includes(error.code);
      setCode(asksForCode ? '' : undefined);
      if (!asksForCode) setPassword('');
    },
  });
  const isAsked = signIn.error instanceof ApiProblem && signIn.error.code === 'code-required';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <Stack gap="sm">
        {signIn.error && !isAsked && <ProblemAlert error={signIn.error} />}
        <TextInput
          label={t('name')}
          autoComplete="username"
          autoFocus={before === ''}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          {...(before === '' ? {} : { 'data-autofocus': true })}
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {code !== undefined && (
          <TextInput
            label={t('signIn.code')}
            description={t('signIn.codeText')}
            autoComplete="one-time-code"
            autoFocus
            required
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        <Button type="submit" loading={signIn.isPending}>
          {t('signIn.act')}
        </Button>
      </Stack>
    </form>
  );
}
