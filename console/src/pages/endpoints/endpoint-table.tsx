import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Endpoint } from '../../../../src/contract/endpoints.ts';
import type { Status } from '../../../../src/contract/status.ts';
import { addresses } from '../../addresses.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useRowKeys } from '../../keyboard/use-row-keys.ts';
import { useStatus } from '../../live/use-status.ts';
import { Instant } from '../../parts/instant.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { EndpointHealth } from './endpoint-health.tsx';
import { Given } from '../../parts/given.tsx';

type Standing = Status['endpoints'][number];

export function EndpointTable({ endpoints }: { readonly endpoints: readonly Endpoint[] }) {
  const { t } = useTranslation('endpoints');
  const status = useStatus().data;
  const body = useRowKeys(t('title'));
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table highlightOnHover aria-label={t('title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.name')}</Table.Th>
            <Table.Th>{t('column.state')}</Table.Th>
            <Table.Th ta="right">{t('column.lag')}</Table.Th>
            <Table.Th ta="right">{t('column.pending')}</Table.Th>
            <Table.Th ta="right">{t('column.dead')}</Table.Th>
            <Table.Th ta="right">{t('column.success')}</Table.Th>
            <Table.Th>{t('column.next')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          {endpoints.map((endpoint) => (
            <EndpointRow
              key={endpoint.id}
              endpoint={endpoint}
              standing={status?.endpoints.find(({ id }) => id === endpoint.id)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

interface EndpointRowProps {
  readonly endpoint: Endpoint;
  /** Absent for a moment: it was created just now. */
  readonly standing: Standing | undefined;
}

function EndpointRow({ endpoint, standing }: EndpointRowProps) {
  const format = useFormat();
  const { id, name, url } = endpoint;
  return (
    <Table.Tr>
      <Table.Td>
        <AnchorLink to={addresses.endpoint} params={{ endpointId: id }} fz="sm" fw={500} data-row>
          <Given text={name} />
        </AnchorLink>
        <Text size="xs" c="dimmed" truncate maw={320} title={withoutQuery(url)}>
          {withoutQuery(url)}
        </Text>
      </Table.Td>
      <Table.Td>
        <EndpointHealth
          endpoint={{ ...endpoint, state: standing?.state ?? endpoint.state }}
          lag={standing?.lag ?? endpoint.lag}
          dead={standing?.dead ?? 0}
          successRate={standing?.successRate}
        />
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {format.number(standing?.lag ?? endpoint.lag)}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {standing && format.number(standing.pending)}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {standing && <DeadCount endpointId={id} dead={standing.dead} />}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {standing?.successRate === undefined ? '–' : format.percent(standing.successRate)}
      </Table.Td>
      <Table.Td>
        {standing?.nextAttemptAt === undefined ? '–' : <Instant at={standing.nextAttemptAt} isRelative />}
      </Table.Td>
    </Table.Tr>
  );
}

/** Leads to them, where there are some. */
function DeadCount({ endpointId, dead }: { readonly endpointId: string; readonly dead: number }) {
  const { t } = useTranslation('endpoints');
  const format = useFormat();
  if (dead === 0) return format.number(dead);
  return (
    <AnchorLink
      to={addresses.deliveries}
      search={{ state: 'dead', endpointId }}
      fz="sm"
      aria-label={t('seeDead', { count: dead })}
    >
      {format.number(dead)}
    </AnchorLink>
  );
}

/** The query of a URL may hold a token. */
function withoutQuery(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
