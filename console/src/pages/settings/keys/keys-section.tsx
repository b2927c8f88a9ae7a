import { Badge, Button, Group, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { ApiKey } from '../../../../../src/contract/keys.ts';
import { useClient } from '../../../client.ts';
import { AnswerState } from '../../../parts/answer-state.tsx';
import { EmptyState } from '../../../parts/empty-state.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { Instant } from '../../../parts/instant.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { RemoveButton } from '../remove-button.tsx';
import { NewKeyDialog } from './new-key-dialog.tsx';
import { Given } from '../../../parts/given.tsx';

/** Keys of programs, each with the rights that it needs and no more. */
export function KeysSection() {
  const { t } = useTranslation('settings');
  const client = useClient();
  const [isCreating, creating] = useDisclosure(false);
  const keys = useQuery({ queryKey: queryKeys.keys, queryFn: () => client.keys.list() });
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm">{t('keys.text')}</Text>
        <Button leftSection={<Icon name="plus" />} onClick={creating.open}>
          {t('keys.create')}
        </Button>
      </Group>
      <AnswerState of={keys} />
      {keys.data?.items.length === 0 && <EmptyState icon="settings" title={t('keys.empty')} />}
      {keys.data !== undefined && keys.data.items.length > 0 && <KeyTable keys={keys.data.items} />}
      <NewKeyDialog isOpen={isCreating} onClose={creating.close} />
    </Stack>
  );
}

function KeyTable({ keys }: { readonly keys: readonly ApiKey[] }) {
  const { t } = useTranslation('settings');
  const client = useClient();
  return (
    <Table.ScrollContainer minWidth={860} scrollAreaProps={{ tabIndex: 0 }}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('name')}</Table.Th>
            <Table.Th scope="col">{t('rights')}</Table.Th>
            <Table.Th scope="col">{t('created')}</Table.Th>
            <Table.Th scope="col">{t('keys.owner')}</Table.Th>
            <Table.Th scope="col">{t('keys.expires')}</Table.Th>
            <Table.Th scope="col">{t('keys.lastUsed')}</Table.Th>
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                <Given text={key.name} />
              </Table.Td>
              <Table.Td>
                <Group gap={4}>
                  {key.scopes.map((scope) => (
                    <Badge key={scope} color="gray">
                      {t(`right.${scope}`)}
                    </Badge>
                  ))}
                </Group>
              </Table.Td>
              <Table.Td>
                <Instant at={key.createdAt} />
              </Table.Td>
              <Table.Td>
                {key.owner === undefined ? '–' : <Given text={key.owner.name} />}
                {key.state === 'orphaned' && <Badge color="red">{t('keys.orphaned')}</Badge>}
              </Table.Td>
              <Table.Td>
                {key.expiresAt === undefined ? t('never') : <Instant at={key.expiresAt} />}
                {key.state === 'expired' && <Badge color="red">{t('keys.expired')}</Badge>}
              </Table.Td>
              <Table.Td>
                {key.lastUsedAt === undefined ? t('never') : <Instant at={key.lastUsedAt} isRelative />}
              </Table.Td>
              <Table.Td ta="right">
                <RemoveButton
                  what={key.name}
                  text={t('keys.removeText')}
                  remove={() => client.keys.remove(key.id)}
                  queryKey={queryKeys.keys}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
