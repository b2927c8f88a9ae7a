import { Button, Code, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewSecondFactor } from '../../../../../src/contract/second-factor.ts';
import { useClient } from '../../../client.ts';
import { AnswerState } from '../../../parts/answer-state.tsx';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { useAccount } from '../../../session/use-session.ts';
import { QrCode } from './qr-code.tsx';

/** A secret for the app, a code that shows that the app has it, and the recovery codes. */
export function SecondFactorSetUp({ onDone }: { readonly onDone: () => void }) {
  const client = useClient();
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[]>();
  const made = useQuery({
    queryKey: queryKeys.newSecondFactor,
    queryFn: () => client.session.newSecondFactor(),
    // One for each time that the dialog is opened, and none while it is.
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  if (recoveryCodes) return <RecoveryCodes codes={recoveryCodes} onDone={onDone} />;
  if (!made.data) return <AnswerState of={made} />;
  return <CodeForm made={made.data} onOn={setRecoveryCodes} />;
}

interface CodeFormProps {
  readonly made: NewSecondFactor;
  readonly onOn: (recoveryCodes: readonly string[]) => void;
}

function CodeForm({ made: { secret }, onOn }: CodeFormProps) {
  const { t } = useTranslation('settings');
  const client = useClient();
  const queryClient = useQueryClient();
  const { name } = useAccount();
  const [code, setCode] = useState('');
  const turnOn = useMutation({
    mutationFn: () => client.session.turnSecondFactorOn({ secret, code }),
    onSuccess: ({ recoveryCodes }) => {
      onOn(recoveryCodes);
      void queryClient.invalidateQueries({ queryKey: queryKeys.secondFactor });
      void queryClient.invalidateQueries({ queryKey: queryKeys.sessions });
    },
    onError: () => setCode(''),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        turnOn.mutate();
      }}
    >
      <Stack gap="sm">
        <Text size="sm">{t('factor.scan')}</Text>
        <QrCode text={toUri(secret, name)} label={t('factor.qr')} />
        <Text size="sm">
          {t('factor.secret')}:{' '}
          <Code data-testid="second-factor-secret">{secret.replaceAll(/.{4}(?=.)/g, '$& ')}</Code>
        </Text>
        {turnOn.error && <ProblemAlert error={turnOn.error} />}
        <TextInput
          label={t('factor.code')}
          autoComplete="one-time-code"
          inputMode="numeric"
          data-autofocus
          required
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={turnOn.isPending}>
            {t('factor.turnOn')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What apps take in as a picture. SHA-1, six digits and 30 seconds are what they take for granted. */
function toUri(secret: string, name: string): string {
  return `otpauth://totp/Earshot:${encodeURIComponent(name)}?secret=${secret}&issuer=Earshot`;
}

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onDone: () => void;
}

function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  const { t } = useTranslation('settings');
  return (
    <Stack gap="sm">
      <Text fw={600}>{t('factor.codesTitle')}</Text>
      <Text size="sm">{t('factor.codesText')}</Text>
      <Code block data-testid="recovery-codes">
        {codes.join('\n')}
      </Code>
      <Group justify="flex-end">
        <Button onClick={onDone}>{t('factor.copied')}</Button>
      </Group>
    </Stack>
  );
}
