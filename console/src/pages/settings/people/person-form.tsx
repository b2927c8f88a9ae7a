import { Button, Checkbox, Group, NativeSelect, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { minPasswordLength } from '../../../../../src/contract/form-values.ts';
import type { Person, RoleWord } from '../../../../../src/contract/session.ts';
import { useClient } from '../../../client.ts';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { useAccount } from '../../../session/use-session.ts';
import { allRoles } from '../rights.ts';
import { toChange, toCreation, toDraft, withRole, type PersonDraft } from './person-draft.ts';

export interface PersonFormProps {
  /** Absent: a new one. */
  readonly person?: Person;
  readonly onDone: () => void;
}

export function PersonForm({ person, onDone }: PersonFormProps) {
  const { t } = useTranslation(['settings', 'common']);
  const [draft, setDraft] = useState(() => toDraft(person));
  const save = useSavePerson(person, onDone);
  const isSelf = useAccount().id === person?.id;
  const set = (change: Partial<PersonDraft>): void => setDraft({ ...draft, ...change });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(draft);
      }}
    >
      <Stack gap="sm">
        {save.error && <ProblemAlert error={save.error} />}
        <TextInput
          label={t('name')}
          description={t('people.nameText')}
          required
          maxLength={200}
          autoComplete="off"
          data-autofocus
          value={draft.name}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <TextInput
          label={t('people.displayName')}
          maxLength={200}
          autoComplete="off"
          value={draft.displayName}
          onChange={(event) => set({ displayName: event.currentTarget.value })}
        />
        <NativeSelect
          label={t('people.role')}
          description={t(`roleText.${draft.role}`)}
          value={draft.role}
          onChange={(event) => setDraft(withRole(draft, event.currentTarget.value as RoleWord))}
          data={allRoles.map((role) => ({ value: role, label: t(`common:role.${role}`) }))}
        />
        <SoundRights draft={draft} onChange={set} />
        <PasswordInput
          label={person ? t('people.newPassword') : t('people.password')}
          description={person ? t('people.passwordKept') : t('passwordText', { count: minPasswordLength })}
          required={!person}
          minLength={minPasswordLength}
          autoComplete="new-password"
          value={draft.password}
          onChange={(event) => set({ password: event.currentTarget.value })}
        />
        {person && !isSelf && (
          <Checkbox
            label={t('people.disable')}
            checked={draft.isDisabled}
            onChange={(event) => set({ isDisabled: event.currentTarget.checked })}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            {t('common:cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {person ? t('save') : t('create')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface SoundRightsProps {
  readonly draft: PersonDraft;
  readonly onChange: (change: Partial<PersonDraft>) => void;
}

/** Listening and downloading, apart from the role; a viewer has neither, whatever is ticked. */
function SoundRights({ draft, onChange }: SoundRightsProps) {
  const { t } = useTranslation('settings');
  if (draft.role === 'viewer') return <Text size="sm">{t('people.viewerHearsNothing')}</Text>;
  return (
    <Group gap="lg">
      <Checkbox
        label={t('right.listen')}
        checked={draft.listen}
        onChange={(event) => onChange({ listen: event.currentTarget.checked })}
      />
      <Checkbox
        label={t('right.download')}
        checked={draft.download}
        onChange={(event) => onChange({ download: event.currentTarget.checked })}
      />
    </Group>
  );
}

function useSavePerson(person: Person | undefined, onDone: () => void) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (draft: PersonDraft) =>
      person ? client.people.change(person.id, toChange(draft)) : client.people.create(toCreation(draft)),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: queryKeys.people });
      onDone();
    },
  });
}
