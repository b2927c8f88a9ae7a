import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { PasskeyAnswer } from '../../../src/contract/passkeys.ts';
import type { SessionState } from '../../../src/contract/session.ts';
import { useClient } from '../client.ts';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { askPasskey, PasskeyCancelled } from './passkey.ts';

export interface PasskeyButtonProps {
  readonly label: string;
  readonly send: (passkey: PasskeyAnswer) => Promise<SessionState>;
  readonly onDone: (session: SessionState) => void;
}

/** Shows by a passkey who is there. */
export function PasskeyButton({ label, send, onDone }: PasskeyButtonProps) {
  const { t } = useTranslation('sign-in');
  const client = useClient();
  const use = useMutation({
    mutationFn: async () => send(await askPasskey(client)),
    onSuccess: onDone,
  });
  const isCancelled = use.error instanceof PasskeyCancelled;
  return (
    <>
      {use.error && !isCancelled && <ProblemAlert error={use.error} />}
      <Button variant="default" fullWidth loading={use.isPending} onClick={() => use.mutate()}>
        {label}
      </Button>
      {isCancelled && (
        <Text size="sm" role="status">
          {t('passkey.cancelled')}
        </Text>
      )}
    </>
  );
}
