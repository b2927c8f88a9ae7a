import { Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../client.ts';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';

export interface NewSourceDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function NewSourceDialog({ isOpen, onClose }: NewSourceDialogProps) {
  const { t } = useTranslation(['settings', 'common']);
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('sources.create')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      <NewSourceForm onDone={onClose} />
    </Modal>
  );
}

function NewSourceForm({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const client = useClient();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const create = useMutation({
    mutationFn: () => client.sources.create({ name }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.sources });
      onDone();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Stack gap="sm">
        {create.error && <ProblemAlert error={create.error} />}
        <TextInput
          label={t('name')}
          description={t('sources.nameText')}
          required
          maxLength={100}
          pattern="[A-Za-z0-9][A-Za-z0-9._\-]*"
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
