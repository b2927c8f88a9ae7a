import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Status } from '../../../../src/contract/status.ts';
import { addresses } from '../../addresses.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Card } from '../../parts/card.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { shownState } from '../../endpoints/shown-state.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Given } from '../../parts/given.tsx';

/** Those in trouble stand first; beyond this many the page of endpoints tells more. */
const shownEndpoints = 8;
const order = { failing: 0, troubled: 1, paused: 2, active: 3 } as const;

/** How each endpoint does. */
export function EndpointsCard({ endpoints }: { readonly endpoints: Status['endpoints'] }) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const sorted = [...endpoints].sort((a, b) => order[shownState(a)] - order[shownState(b)] || b.lag - a.lag);
  return (
    <Card
      title={t('endpoints.title')}
      aside={
        <AnchorLink to={addresses.endpoints} size="sm">
          {t('endpoints.all', { count: endpoints.length })}
        </AnchorLink>
      }
    >
      {endpoints.length === 0 ? (
        <Text size="sm">{t('endpoints.empty')}</Text>
      ) : (
        <Table.ScrollContainer minWidth={420} scrollAreaProps={{ tabIndex: 0 }}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('endpoints.name')}</Table.Th>
                <Table.Th scope="col">{t('endpoints.state')}</Table.Th>
                {(['lag', 'pending', 'dead', 'success'] as const).map((name) => (
                  <Table.Th key={name} scope="col" ta="right">
                    {t(`endpoints.${name}`)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody className="tabular">
              {sorted.slice(0, shownEndpoints).map((endpoint) => (
                <Table.Tr key={endpoint.id}>
                  <Table.Td>
                    <AnchorLink to={addresses.endpoint} params={{ endpointId: endpoint.id }} inherit>
                      <Given text={endpoint.name} />
                    </AnchorLink>
                  </Table.Td>
                  <Table.Td>
                    <StateBadge state={shownState(endpoint)} />
                  </Table.Td>
                  <Table.Td ta="right">{format.number(endpoint.lag)}</Table.Td>
                  <Table.Td ta="right">
                    <AnchorLink
                      to={addresses.deliveries}
                      search={{ state: 'pending', endpointId: endpoint.id }}
                      inherit
                      c="inherit"
                    >
                      {format.number(endpoint.pending)}
                    </AnchorLink>
                  </Table.Td>
                  <Table.Td ta="right">
                    <AnchorLink
                      to={addresses.deliveries}
                      search={{ state: 'dead', endpointId: endpoint.id, by: 'cause' }}
                      inherit
                      c="inherit"
                    >
                      {format.number(endpoint.dead)}
                    </AnchorLink>
                  </Table.Td>
                  <Table.Td ta="right">
                    {endpoint.successRate === undefined ? '–' : format.percent(endpoint.successRate)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  );
}
