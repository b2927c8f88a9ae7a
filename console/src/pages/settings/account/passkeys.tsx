import { Button, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Passkey } from '../../../../../src/contract/passkeys.ts';
import { useClient } from '../../../client.ts';
import { isolate } from '../../../given-text.ts';
import { AnswerState } from '../../../parts/answer-state.tsx';
import { ConfirmDialog } from '../../../parts/confirm-dialog.tsx';
import { Instant } from '../../../parts/instant.tsx';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { makePasskey, PasskeyCancelled } from '../../../session/passkey.ts';

/** One's own passkeys, and a way to make one; or why there can be none here. */
export function Passkeys() {
  const { t } = useTranslation('settings');
  const client = useClient();
  const passkeys = useQuery({ queryKey: queryKeys.passkeys, queryFn: () => client.session.passkeys() });
  const { items = [], unavailable } = passkeys.data ?? {};
  return (
    <Stack gap="sm" align="flex-start">
      <Text size="sm">{t('passkeys.text')}</Text>
      <AnswerState of={passkeys} />
      {items.length > 0 && <PasskeyTable items={items} />}
      {unavailable && <Text size="sm">{t(`passkeys.unavailable.${unavailable}`)}</Text>}
      {passkeys.data && !unavailable && <AddPasskey />}
    </Stack>
  );
}

function PasskeyTable({ items }: { readonly items: readonly Passkey[] }) {
  const { t } = useTranslation('settings');
  const client = useClient();
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState<Passkey>();
  const close = (): void => setRemoving(undefined);
  const remove = useMutation({
    mutationFn: (id: string) => client.session.removePasskey(id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.passkeys });
      close();
    },
  });
  return (
    <>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('passkeys.name')}</Table.Th>
            <Table.Th scope="col">{t('passkeys.made')}</Table.Th>
            <Table.Th scope="col">{t('passkeys.used')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((passkey) => (
            <Table.Tr key={passkey.id}>
              <Table.Td>{isolate(passkey.name)}</Table.Td>
              <Table.Td>
                <Instant at={passkey.createdAt} />
              </Table.Td>
              <Table.Td>
                {passkey.lastUsedAt === undefined ? '–' : <Instant at={passkey.lastUsedAt} isRelative />}
              </Table.Td>
              <Table.Td>
                <Button variant="subtle" color="red" onClick={() => setRemoving(passkey)}>
                  {t('passkeys.remove')}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <ConfirmDialog
        isOpen={removing !== undefined}
        title={t('passkeys.removeTitle', { name: isolate(removing?.name ?? '') })}
        act={t('passkeys.remove')}
        isDangerous
        isRunning={remove.isPending}
        error={remove.error}
        onConfirm={() => removing && remove.mutate(removing.id)}
        onClose={close}
      >
        {t('passkeys.removeText')}
      </ConfirmDialog>
    </>
  );
}

function AddPasskey() {
  const { t } = useTranslation('settings');
  const client = useClient();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: async () =>
      client.session.addPasskey({ name: name.trim(), passkey: await makePasskey(client) }),
    onSuccess: async () => {
      setName('');
      await queryClient.invalidateQueries({ queryKey: queryKeys.passkeys });
    },
  });
  const isCancelled = add.error instanceof PasskeyCancelled;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate();
      }}
    >
      <Stack gap="sm">
        {add.error && !isCancelled && <ProblemAlert error={add.error} />}
        <Group align="flex-end" gap="xs">
          <TextInput
            label={t('passkeys.newName')}
            description={t('passkeys.newNameText')}
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={add.isPending}>
            {t('passkeys.add')}
          </Button>
        </Group>
        {isCancelled && (
          <Text size="sm" role="status">
            {t('passkeys.cancelled')}
          </Text>
        )}
      </Stack>
    </form>
  );
}
