import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../../../../src/contract/session.ts';
import { useClient } from '../../../client.ts';
import { AnswerState } from '../../../parts/answer-state.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { PersonDialog } from './person-dialog.tsx';
import { PersonTable } from './person-table.tsx';
import { SessionsDialog } from './sessions-dialog.tsx';

/** Who may sign in, and what each may do. */
export function PeopleSection() {
  const { t } = useTranslation('settings');
  const client = useClient();
  const [edited, setEdited] = useState<Person | 'new'>();
  const [shown, setShown] = useState<Person>();
  const people = useQuery({ queryKey: queryKeys.people, queryFn: () => client.people.list() });
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm">{t('people.text')}</Text>
        <Button leftSection={<Icon name="plus" />} onClick={() => setEdited('new')}>
          {t('people.create')}
        </Button>
      </Group>
      <AnswerState of={people} />
      {people.data && <PersonTable people={people.data.items} onEdit={setEdited} onShowSessions={setShown} />}
      <SessionsDialog person={shown} onClose={() => setShown(undefined)} />
      <PersonDialog edited={edited} onClose={() => setEdited(undefined)} />
    </Stack>
  );
}
