import { Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addresses } from '../../addresses.ts';
import { useClient } from '../../client.ts';
import { AnswerState } from '../../parts/answer-state.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { queryKeys } from '../../query-keys.ts';
import { AuditFilters } from './audit-filters.tsx';
import { toParameters, type AuditSearch } from './audit-search.ts';
import { AuditTable } from './audit-table.tsx';
import { ChainCheck } from './chain-check.tsx';

/** Who did what: append-only, and each record holds the hash of the one before it. */
export function AuditLogPage() {
  const { t } = useTranslation('audit-log');
  const search = useSearch({ from: '/shell/audit-log' });
  const navigate = useNavigate({ from: addresses.auditLog });
  const pages = useAuditPages(search);
  const records = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const filter = (change: AuditSearch): void => void navigate({ search: change, replace: true });
  return (
    <Stack gap="sm">
      <PageHeader title={t('title')} description={t('description')} />
      <ChainCheck />
      <AuditFilters search={search} onChange={filter} />
      <AnswerState of={pages} />
      {records.length > 0 && <AuditTable records={records} onFilter={filter} />}
      {pages.isSuccess && records.length === 0 && <EmptyState icon="audit" title={t('empty')} />}
      {records.length > 0 && <LoadMore pages={pages} />}
    </Stack>
  );
}

function useAuditPages(search: AuditSearch) {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: [...queryKeys.audit, search],
    queryFn: ({ pageParam }) =>
      client.audit.list({
        ...toParameters(search),
        limit: 100,
        ...(pageParam === '' ? {} : { cursor: pageParam }),
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}
