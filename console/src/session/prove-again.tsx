import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../../src/contract/session.ts';
import { useClient } from '../client.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { PasskeyButton } from './passkey-button.tsx';
import type { ProofPrompt } from './proof-prompt.ts';
import { useAccount, useKeepSession, useSession } from './use-session.ts';

export const ProofContext = createContext<ProofPrompt | undefined>(undefined);

/** Somebody signs in in another tab meanwhile. */
const pollMs = 2_000;

/** Over whatever is being done: asks for the password once more, and what waited for it goes on. */
export function ProveAgain() {
  const prompt = use(ProofContext);
  if (!prompt) throw new Error('ProofContext is missing.');
  const isAsked = useSyncExternalStore(prompt.subscribe, prompt.isAsked);
  return isAsked && <ProofDialog prompt={prompt} />;
}

function ProofDialog({ prompt }: { readonly prompt: ProofPrompt }) {
  const { t } = useTranslation(['sign-in', 'common']);
  const { provenUntil, singleSignOn, hasPasskeys } = useSession();
  const [before] = useState(provenUntil);
  // Whichever way: by this dialog, in another tab, or by the one that signs in again.
  useEffect(() => {
    if (Date.parse(provenUntil ?? '') > Date.parse(before ?? '')) prompt.answer(true);
  }, [provenUntil, before, prompt]);
  const { hasPassword, name } = useAccount();
  const cancel = (): void => prompt.answer(false);
  return (
    <Modal
      opened
      onClose={cancel}
      title={t('proof.title')}
      closeOnEscape={false}
      withCloseButton={false}
      zIndex={500}
    >
      {hasPassword || !singleSignOn ? (
        <PasswordProof name={name} hasPasskeys={hasPasskeys} onCancel={cancel} />
      ) : (
        <ProofElsewhere singleSignOn={singleSignOn} onCancel={cancel} />
      )}
    </Modal>
  );
}

interface PasswordProofProps {
  readonly name: string;
  readonly hasPasskeys: boolean;
  readonly onCancel: () => void;
}

function PasswordProof({ name, hasPasskeys, onCancel }: PasswordProofProps) {
  const { t } = useTranslation(['sign-in', 'common']);
  const client = useClient();
  const keepSession = useKeepSession();
  const [password, setPassword] = useState('');
  const prove = useMutation({
    mutationFn: () => client.session.prove({ password }),
    onSuccess: keepSession,
    onError: () => setPassword(''),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        prove.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('proof.text')}</Text>
        {prove.error && <ProblemAlert error={prove.error} />}
        {hasPasskeys && (
          <PasskeyButton
            label={t('passkey.prove')}
            send={(passkey) => client.session.prove({ passkey })}
            onDone={keepSession}
          />
        )}
        {/* For the browser, which keeps passwords by name. */}
        <input type="hidden" name="username" autoComplete="username" value={name} readOnly />
        <PasswordInput
          label={t('password')}
          autoComplete="current-password"
          data-autofocus
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={prove.isPending}>
            {t('proof.act')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface ProofElsewhereProps {
  readonly singleSignOn: NonNullable<SessionState['singleSignOn']>;
  readonly onCancel: () => void;
}

/** Who has no password here signs in elsewhere once more, in a tab of its own. */
function ProofElsewhere({ singleSignOn, onCancel }: ProofElsewhereProps) {
  const { t } = useTranslation(['sign-in', 'common']);
  const client = useClient();
  const keepSession = useKeepSession();
  const { id } = useAccount();
  const { data } = useQuery({
    queryKey: ['proof'],
    queryFn: () => client.session.get(),
    refetchInterval: pollMs,
    refetchOnWindowFocus: 'always',
    gcTime: 0,
  });
  useEffect(() => {
    if (data?.account?.id === id) keepSession(data);
    // What one person was about to do is no other's.
    else if (data?.account) window.location.reload();
  }, [data]); // oxlint-disable-line react/exhaustive-deps -- once for each answer.
  return (
    <Stack gap="sm">
      <Text size="sm">{t('proof.elsewhere')}</Text>
      <Button component="a" href={`${singleSignOn.path}?again=yes`} target="_blank" data-autofocus>
        {t('signIn.with', { name: singleSignOn.name })}
      </Button>
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel}>
          {t('common:cancel')}
        </Button>
      </Group>
    </Stack>
  );
}
