import { Group, Table, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QuarantineItem, QuarantineKindParameters } from '../../../../src/contract/quarantine.ts';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { useRowKeys } from '../../keyboard/use-row-keys.ts';
import { AnswerState } from '../../parts/answer-state.tsx';
import { ByteCount } from '../../parts/byte-count.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Instant } from '../../parts/instant.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { queryKeys } from '../../query-keys.ts';
import { ReasonName } from '../../reasons/reason-note.tsx';
import { showHidden } from '../../given-text.ts';
import { ChosenActs } from './chosen-acts.tsx';
import { QuarantineFilters } from './quarantine-filters.tsx';
import { toFilter } from './quarantine-search.ts';

/** While only the first page is shown. */
const refreshMs = 5_000;

/** What was received and could not be read as a message, newest first. */
export function QuarantinePage() {
  const { t } = useTranslation('quarantine');
  const client = useClient();
  const search = useSearch({ from: '/shell/quarantine' });
  // The span of time stands still while the page is open: what is confirmed is what was counted.
  const [openedAt] = useState(() => Date.now());
  const filter = useMemo(() => toFilter(search, openedAt), [search, openedAt]);
  const isFiltered = Object.keys(filter).length > 0;
  const list = useInfiniteQuery({
    queryKey: [...queryKeys.quarantine, 'list', filter],
    queryFn: ({ pageParam: cursor }) =>
      client.quarantine.list({ ...filter, ...(cursor === undefined ? {} : { cursor }) }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : refreshMs),
  });
  const kindsOf = (of: QuarantineKindParameters) => ({
    queryKey: [...queryKeys.quarantine, 'kinds', of],
    queryFn: () => client.quarantine.kinds(of),
    refetchInterval: refreshMs,
  });
  const all = useQuery(kindsOf({})).data?.items ?? [];
  const chosen = useQuery(kindsOf(filter)).data?.items ?? [];
  const count = chosen.reduce((sum, kind) => sum + kind.count, 0);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      {(all.length > 0 || isFiltered) && (
        <Group justify="space-between" mb="md">
          <QuarantineFilters search={search} kinds={all} />
          <ChosenActs count={count} filter={filter} />
        </Group>
      )}
      <AnswerState of={list} />
      {list.data !== undefined && items.length === 0 && (
        <EmptyState icon="quarantine" title={t(isFiltered ? 'empty.filtered' : 'empty.title')}>
          {t(isFiltered ? 'empty.filteredText' : 'empty.text')}
        </EmptyState>
      )}
      {items.length > 0 && (
        <>
          <ItemTable items={items} />
          <LoadMore pages={list} />
        </>
      )}
    </>
  );
}

function ItemTable({ items }: { readonly items: readonly QuarantineItem[] }) {
  const { t } = useTranslation('quarantine');
  const body = useRowKeys(t('title'));
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table highlightOnHover aria-label={t('title')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('column.receivedAt')}</Table.Th>
            <Table.Th>{t('column.reason')}</Table.Th>
            <Table.Th>{t('column.source')}</Table.Th>
            <Table.Th ta="right">{t('column.bytes')}</Table.Th>
            <Table.Th>{t('column.preview')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={body}>
          {items.map((item) => (
            <Table.Tr key={item.id}>
              <Table.Td>
                <AnchorLink to={addresses.quarantineItem} params={{ itemId: item.id }} fz="sm" data-row>
                  <Instant at={item.receivedAt} />
                </AnchorLink>
              </Table.Td>
              <Table.Td>
                <ReasonName kind="quarantine" word={item.reason} />
              </Table.Td>
              <Table.Td>{item.source}</Table.Td>
              <Table.Td ta="right">
                <ByteCount bytes={item.bytes} />
              </Table.Td>
              <Table.Td maw={420}>
                <Text size="xs" ff="monospace" truncate>
                  {showHidden(item.preview)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
