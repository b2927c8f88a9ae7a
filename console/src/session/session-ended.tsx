import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { SessionState } from '../../../src/contract/session.ts';
import { useClient } from '../client.ts';
import { queryKeys } from '../query-keys.ts';
import { SignInForm } from './sign-in-form.tsx';
import { useAccount, useKeepSession } from './use-session.ts';

/** Somebody may sign in in another tab meanwhile. */
const pollMs = 5_000;

/**
 * Over a page whose session has ended: signs in again in place, so that whatever was being typed stays, and hides the
 * page until then. What the page had asked for is asked for again; what it was to change waits to be pressed again.
 */
export function SessionEnded() {
  const client = useClient();
  const ended = useQuery({
    queryKey: queryKeys.sessionEnded,
    queryFn: () => client.session.get(),
    // Begun by the first answer that nobody is signed in.
    enabled: ({ state }) => state.data !== undefined,
    refetchInterval: pollMs,
    refetchOnWindowFocus: 'always',
  });
  return ended.data && <SignInAgain session={ended.data} />;
}

function SignInAgain({ session }: { readonly session: SessionState }) {
  const { t } = useTranslation('sign-in');
  const before = useAccount();
  const resume = useResume();
  // To the sign-in page, without what was typed.
  const leave = (): void => window.location.reload();
  const { account } = session;
  useEffect(() => {
    if (account) resume(session);
  }, [account?.id]); // oxlint-disable-line react/exhaustive-deps -- once for each who signs in.
  return (
    <Modal
      opened
      onClose={leave}
      title={t('ended.title')}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      // Whoever comes by sees nothing of what nobody is signed in to see.
      overlayProps={{ backgroundOpacity: 1, color: 'var(--mantine-color-body)' }}
      zIndex={1_000}
    >
      <Stack gap="sm">
        <Text size="sm">{t('ended.text')}</Text>
        <SignInForm ways={session} again={before.name} onSignedIn={resume} />
        <Group justify="flex-end">
          <Button variant="subtle" color="gray" onClick={leave}>
            {t('ended.leave')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const known: readonly unknown[] = [queryKeys.session[0], queryKeys.sessionEnded[0]];

function useResume(): (session: SessionState) => void {
  const before = useAccount();
  const keepSession = useKeepSession();
  const queryClient = useQueryClient();
  const router = useRouter();
  const forget = async (): Promise<void> => {
    await queryClient.cancelQueries({ queryKey: queryKeys.sessionEnded });
    await queryClient.resetQueries({ queryKey: queryKeys.sessionEnded });
  };
  return (session) => {
    // What one person typed and saw is no other's.
    if (session.account?.id !== before.id) {
      window.location.reload();
      return;
    }
    keepSession(session);
    void forget();
    // Rights may have changed.
    void router.invalidate();
    void queryClient.invalidateQueries({ predicate: ({ queryKey }) => !known.includes(queryKey[0]) });
  };
}
