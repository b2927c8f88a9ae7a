import {
  Alert,
  Button,
  Checkbox,
  Code,
  Group,
  Modal,
  NumberInput,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { NewApiKey } from '../../../../../src/contract/keys.ts';
import type { RightWord } from '../../../../../src/contract/session.ts';
import { useClient } from '../../../client.ts';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { allRights } from '../rights.ts';
import classes from './new-key-dialog.module.css';

export interface NewKeyDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/**
 * Makes a key and shows it, once. Until it is said that the key was kept, nothing else puts it away: neither Escape nor
 * a click nor the way back, nor that the dialog was left before the answer came.
 */
export function NewKeyDialog({ isOpen, onClose }: NewKeyDialogProps) {
  const { t } = useTranslation(['settings', 'common']);
  const [made, setMade] = useState<NewApiKey>();
  const close = (): void => {
    onClose();
    setMade(undefined);
  };
  return (
    <Modal
      opened={isOpen || made !== undefined}
      onClose={close}
      title={t('keys.create')}
      closeOnClickOutside={false}
      closeOnEscape={!made}
      withCloseButton={!made}
      closeButtonProps={{ 'aria-label': t('common:close') }}
    >
      {made ? <MadeKey made={made} onDone={close} /> : <NewKeyForm onMade={setMade} onCancel={close} />}
    </Modal>
  );
}

interface NewKeyFormProps {
  readonly onMade: (key: NewApiKey) => void;
  readonly onCancel: () => void;
}

function NewKeyForm({ onMade, onCancel }: NewKeyFormProps) {
  const { t } = useTranslation(['settings', 'common']);
  const client = useClient();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly string[]>(['view']);
  const [days, setDays] = useState<number | string>('');
  const create = useMutation({
    mutationFn: () =>
      client.keys.create({
        ...{ name: name.trim(), scopes: scopes as RightWord[] },
        ...(days === '' ? {} : { expiresInDays: Number(days) }),
      }),
    onSuccess: async (made) => {
      onMade(made);
      await queryClient.invalidateQueries({ queryKey: queryKeys.keys });
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
          description={t('keys.nameText')}
          required
          maxLength={200}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NumberInput
          label={t('keys.days')}
          description={t('keys.daysText')}
          min={1}
          max={3650}
          value={days}
          onChange={setDays}
        />
        <Checkbox.Group label={t('rights')} value={[...scopes]} onChange={setScopes}>
          <Stack gap={6} mt={4}>
            {allRights.map((right) => (
              <Checkbox
                key={right}
                value={right}
                label={t(`right.${right}`)}
                description={t(`rightText.${right}`)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={create.isPending} disabled={scopes.length === 0}>
            {t('create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function MadeKey({ made, onDone }: { readonly made: NewApiKey; readonly onDone: () => void }) {
  const { t } = useTranslation('settings');
  useBlocker({ shouldBlockFn: () => true });
  return (
    <Stack gap="sm">
      <Alert role="status" color="teal" variant="light" icon={<Icon name="done" />} title={t('keys.made')}>
        <Text size="sm">{t('keys.madeText')}</Text>
      </Alert>
      <Group gap={4} wrap="nowrap">
        <Code className={classes.key} data-testid="new-key">
          {made.key}
        </Code>
        <CopyButton text={made.key} what={t('keys.key')} />
      </Group>
      <Group justify="flex-end">
        <Button onClick={onDone}>{t('keys.kept')}</Button>
      </Group>
    </Stack>
  );
}
