import { Badge, Button, Group, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Person } from '../../../../../src/contract/session.ts';
import { useClient } from '../../../client.ts';
import { Instant } from '../../../parts/instant.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { useAccount } from '../../../session/use-session.ts';
import { RemoveButton } from '../remove-button.tsx';
import { Given } from '../../../parts/given.tsx';

export interface PersonTableProps {
  readonly people: readonly Person[];
  readonly onEdit: (person: Person) => void;
  readonly onShowSessions: (person: Person) => void;
}

export function PersonTable({ people, onEdit, onShowSessions }: PersonTableProps) {
  const { t } = useTranslation('settings');
  return (
    <Table.ScrollContainer minWidth={720} scrollAreaProps={{ tabIndex: 0 }}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('name')}</Table.Th>
            <Table.Th scope="col">{t('people.role')}</Table.Th>
            <Table.Th scope="col">{t('rights')}</Table.Th>
            <Table.Th scope="col">{t('people.signsInBy')}</Table.Th>
            <Table.Th scope="col">{t('lastSeen')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map((person) => (
            <PersonRow
              key={person.id}
              person={person}
              onEdit={() => onEdit(person)}
              onShowSessions={() => onShowSessions(person)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface PersonRowProps {
  readonly person: Person;
  readonly onEdit: () => void;
  readonly onShowSessions: () => void;
}

function PersonRow({ person, onEdit, onShowSessions }: PersonRowProps) {
  const { t } = useTranslation(['settings', 'common']);
  const client = useClient();
  const isSelf = useAccount().id === person.id;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={6}>
          <Given text={person.name} />
          {person.displayName !== undefined && (
            <>
              {' '}
              (<Given text={person.displayName} />)
            </>
          )}
          {person.isDisabled && <Badge color="orange">{t('people.disabled')}</Badge>}
          {isSelf && <Badge color="sea">{t('people.you')}</Badge>}
        </Group>
      </Table.Td>
      <Table.Td>{t(`common:role.${person.role}`)}</Table.Td>
      <Table.Td>
        <Group gap={4}>
          {person.rights.map((right) => (
            <Badge key={right} color="gray">
              {t(`right.${right}`)}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        {person.signsInBy.map((way) => t(`people.way.${way}`)).join(', ')}
        {person.hasSecondFactor && ` + ${t('factor.title')}`}
      </Table.Td>
      <Table.Td>
        {person.lastSeenAt === undefined ? t('never') : <Instant at={person.lastSeenAt} isRelative />}
      </Table.Td>
      <Table.Td>
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <Button variant="default" aria-label={t('people.editWhat', { what: person.name })} onClick={onEdit}>
            {t('people.edit')}
          </Button>
          <Button
            variant="default"
            aria-label={t('people.sessionsOf', { name: person.name })}
            onClick={onShowSessions}
          >
            {t('people.sessions')}
          </Button>
          {!isSelf && (
            <RemoveButton
              what={person.name}
              text={t('people.removeText')}
              remove={() => client.people.remove(person.id)}
              queryKey={queryKeys.people}
            />
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
