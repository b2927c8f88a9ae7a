import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Status } from '../../../../src/contract/status.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Card } from '../../parts/card.tsx';
import { Instant } from '../../parts/instant.tsx';

/** The processes that share the store, where there is more than one. */
export function ProcessesCard({ processes }: { readonly processes: Status['processes'] }) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  return (
    <Card title={t('processes.title')}>
      <Table.ScrollContainer minWidth={600} scrollAreaProps={{ tabIndex: 0 }}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              {(['host', 'roles', 'duties', 'version', 'started', 'waiting'] as const).map((name) => (
                <Table.Th key={name} scope="col">
                  {t(`processes.${name}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {processes.map((each) => (
              <Table.Tr key={each.id}>
                <Table.Td>
                  {each.host} ({each.pid})
                </Table.Td>
                <Table.Td>{each.roles.join(', ')}</Table.Td>
                <Table.Td>{each.duties.join(', ') || '–'}</Table.Td>
                <Table.Td>{each.version}</Table.Td>
                <Table.Td>
                  <Instant at={each.startedAt} isRelative />
                </Table.Td>
                <Table.Td>{format.number(each.inbox?.pending ?? 0)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Card>
  );
}
