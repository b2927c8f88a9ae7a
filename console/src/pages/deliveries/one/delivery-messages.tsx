import { Table, Text, Title } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { Entry } from '../../../../../src/contract/messages.ts';
import { addresses } from '../../../addresses.ts';
import { useClient } from '../../../client.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { Instant } from '../../../parts/instant.tsx';
import { AnchorLink } from '../../../parts/links.tsx';
import { LoadMore } from '../../../parts/load-more.tsx';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { useMay } from '../../../session/use-session.ts';
import { readEntries } from './read-entries.ts';
import { Given } from '../../../parts/given.tsx';

const pageSize = 50;

/** The messages of a delivery, in the order in which they are pushed. */
export function DeliveryMessages({ seqs }: { readonly seqs: readonly number[] }) {
  const { t } = useTranslation('deliveries');
  const mayDownload = useMay('download');
  return (
    <section aria-labelledby="messages-of-delivery">
      <Title order={2} mb="sm" id="messages-of-delivery">
        {t('messages')}
      </Title>
      {mayDownload ? <MessageList seqs={seqs} /> : <Text size="sm">{t('messagesHidden')}</Text>}
    </section>
  );
}

function MessageList({ seqs }: { readonly seqs: readonly number[] }) {
  const { t } = useTranslation('deliveries');
  const client = useClient();
  const list = useInfiniteQuery({
    queryKey: [...queryKeys.deliveries, 'messages', seqs],
    queryFn: ({ pageParam: from }) => readEntries(client.messages, seqs.slice(from, from + pageSize)),
    initialPageParam: 0,
    getNextPageParam: (_page, pages) =>
      pages.length * pageSize < seqs.length ? pages.length * pageSize : undefined,
    // Messages never change.
    staleTime: Infinity,
  });
  if (list.error) return <ProblemAlert error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <>
      <Table.ScrollContainer minWidth={560}>
        <Table aria-labelledby="messages-of-delivery">
          <Table.Thead>
            <Table.Tr>
              <Table.Th ta="right">{t('column.seq')}</Table.Th>
              <Table.Th>{t('column.type')}</Table.Th>
              <Table.Th>{t('column.call')}</Table.Th>
              <Table.Th>{t('column.receivedAt')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.data?.pages.flat().map((entry) => (
              <MessageRow key={entry.seq} entry={entry} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {list.data && seqs.length > pageSize && <LoadMore pages={list} />}
    </>
  );
}

function MessageRow({ entry }: { readonly entry: Entry }) {
  const format = useFormat();
  return (
    <Table.Tr>
      <Table.Td ta="right" className="tabular">
        {format.number(entry.seq)}
      </Table.Td>
      <Table.Td>{entry.type}</Table.Td>
      <Table.Td>
        <AnchorLink to={addresses.call} params={{ callId: entry.callId }} fz="sm">
          <Given text={entry.callId} />
        </AnchorLink>
      </Table.Td>
      <Table.Td>
        <Instant at={entry.receivedAt} />
      </Table.Td>
    </Table.Tr>
  );
}
