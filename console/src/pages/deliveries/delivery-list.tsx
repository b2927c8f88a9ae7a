import { Table } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Delivery } from '../../../../src/contract/deliveries.ts';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { EndpointLink } from '../../endpoints/endpoint-link.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { useRowKeys } from '../../keyboard/use-row-keys.ts';
import { AnswerState } from '../../parts/answer-state.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Instant } from '../../parts/instant.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { queryKeys } from '../../query-keys.ts';
import { ReasonName } from '../../reasons/reason-note.tsx';

export interface DeliveryListProps {
  readonly state: Delivery['state'] | undefined;
  readonly endpointId: string | undefined;
  /** Dead ones too that were replayed or acknowledged. */
  readonly isAll: boolean;
}

/** While only the first page is shown; who has read on is not to lose their place. */
const refreshMs = 5_000;

/** Newest first, page by page. */
export function DeliveryList({ state, endpointId, isAll }: DeliveryListProps) {
  const { t } = useTranslation('deliveries');
  const client = useClient();
  const filters = {
    ...(state && { state }),
    ...(endpointId !== undefined && { endpointId }),
    ...(state === 'dead' && !isAll && ({ waiting: 'yes' } as const)),
  };
  const list = useInfiniteQuery({
    queryKey: [...queryKeys.deliveries, 'list', filters],
    queryFn: ({ pageParam: cursor }) =>
      client.deliveries.list({ ...filters, ...(cursor !== undefined && { cursor }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : refreshMs),
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isEmpty = list.data !== undefined && items.length === 0;
  return (
    <>
      <AnswerState of={list} />
      {isEmpty && (
        <EmptyState icon="deliveries" title={t('empty.title')}>
          {state === 'dead' ? t('empty.dead') : t('empty.text')}
        </EmptyState>
      )}
      {items.length > 0 && (
        <>
          <DeliveryTable items={items} />
          <LoadMore pages={list} />
        </>
      )}
    </>
  );
}

function DeliveryTable({ items }: { readonly items: readonly Delivery[] }) {
  const { t } = useTranslation('deliveries');
  const body = useRowKeys(t('title'));
  return (
    <Table.ScrollContainer minWidth={820}>
      <Table highlightOnHover aria-label={t('title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.createdAt')}</Table.Th>
            <Table.Th>{t('column.endpoint')}</Table.Th>
            <Table.Th>{t('column.state')}</Table.Th>
            <Table.Th>{t('column.reason')}</Table.Th>
            <Table.Th ta="right">{t('column.messages')}</Table.Th>
            <Table.Th ta="right">{t('column.attempts')}</Table.Th>
            <Table.Th>{t('column.next')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          {items.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function DeliveryRow({ delivery }: { readonly delivery: Delivery }) {
  const { t } = useTranslation('deliveries');
  const { t: tCommon } = useTranslation();
  const format = useFormat();
  const { reason, nextAttemptAt, deliveredAt, replayedAs, acknowledged } = delivery;
  return (
    <Table.Tr>
      <Table.Td>
        <AnchorLink to={addresses.delivery} params={{ deliveryId: delivery.id }} fz="sm" data-row>
          <Instant at={delivery.createdAt} />
        </AnchorLink>
      </Table.Td>
      <Table.Td>
        <EndpointLink id={delivery.endpointId} />
      </Table.Td>
      <Table.Td>
        <StateBadge state={delivery.state} />
      </Table.Td>
      <Table.Td>
        {reason !== undefined && <ReasonName kind="delivery" word={reason} />}
        {replayedAs !== undefined && ` · ${t('replayed')}`}
        {acknowledged && <span title={acknowledged.reason}>{` · ${tCommon('acknowledge.badge')}`}</span>}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {format.number(delivery.count)}
      </Table.Td>
      <Table.Td ta="right" className="tabular">
        {format.number(delivery.attempts)}
      </Table.Td>
      <Table.Td>
        {nextAttemptAt !== undefined && <Instant at={nextAttemptAt} isRelative />}
        {deliveredAt !== undefined && (
          <>
            {t('deliveredAt')} <Instant at={deliveredAt} isRelative />
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
