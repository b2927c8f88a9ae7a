import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedView } from '../../../../src/contract/reviews.ts';
import { useClient } from '../../client.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useMay } from '../../session/use-session.ts';
import { viewsKey } from './saved-views.ts';

export interface SaveViewDialogProps {
  /** Of the page's address. */
  readonly query: string;
  readonly mine: readonly SavedView[];
  readonly onClose: () => void;
}

/** Keeps what is shown under a name; a name that one has already is given to this instead. */
export function SaveViewDialog({ query, mine, onClose }: SaveViewDialogProps) {
  const { t } = useTranslation('calls');
  const { t: tCommon } = useTranslation();
  const client = useClient();
  const queryClient = useQueryClient();
  const mayShare = useMay('review');
  const [name, setName] = useState('');
  const [isShared, setShared] = useState(false);
  const before = mine.find((view) => view.name === name.trim());
  const save = useMutation({
    mutationFn: () => {
      const view = { name: name.trim(), query, isShared };
      return before ? client.views.change(before.id, view) : client.views.create(view);
    },
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: viewsKey });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('views.save')}
      closeButtonProps={{ 'aria-label': tCommon('close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack gap="sm">
          <TextInput
            label={t('views.name')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            maxLength={100}
            data-autofocus
          />
          {mayShare && (
            <Checkbox
              label={t('views.share')}
              checked={isShared}
              onChange={(event) => setShared(event.currentTarget.checked)}
            />
          )}
          {save.error && <ProblemAlert error={save.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {tCommon('cancel')}
            </Button>
            <Button type="submit" loading={save.isPending} disabled={name.trim() === ''}>
              {t(before ? 'views.replaceAct' : 'views.saveAct')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
