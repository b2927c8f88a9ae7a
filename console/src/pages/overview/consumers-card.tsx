import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Status } from '../../../../src/contract/status.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Card } from '../../parts/card.tsx';
import { useConsumerName } from './use-consumer-name.ts';

/** What each step behind the acknowledgement has still to do. */
export function ConsumersCard({ status }: { readonly status: Status }) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const nameOf = useConsumerName(status);
  return (
    <Card title={t('consumers.title')}>
      <Table verticalSpacing={3}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('consumers.step')}</Table.Th>
            <Table.Th scope="col" ta="right">
              {t('consumers.lag')}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="tabular">
          {status.consumers.map(({ name, lag }) => (
            <Table.Tr key={name}>
              <Table.Td>{nameOf(name)}</Table.Td>
              <Table.Td ta="right">{format.number(lag)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}
