import { Checkbox, Group, NativeSelect, SegmentedControl, Stack } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { addresses } from '../../addresses.ts';
import { useEndpoints } from '../../endpoints/use-endpoints.ts';
import { PageHeader } from '../../parts/page-header.tsx';
import { CauseList } from './causes/cause-list.tsx';
import type { DeliveriesSearch } from './deliveries-search.ts';
import { DeliveryList } from './delivery-list.tsx';
import { isolate } from '../../given-text.ts';

const states = ['all', 'pending', 'delivered', 'dead'] as const;

/** Batches on their way, by state and endpoint as the address says; dead ones also by cause. */
export function DeliveriesPage() {
  const { t } = useTranslation('deliveries');
  const search = useSearch({ from: '/shell/deliveries' });
  const navigate = useNavigate();
  const endpoints = useEndpoints().data ?? [];
  const show = (changed: { [Name in keyof DeliveriesSearch]?: DeliveriesSearch[Name] | undefined }): void => {
    const { state, endpointId, by, all } = { ...search, ...changed };
    void navigate({
      to: addresses.deliveries,
      search: {
        ...(state && { state }),
        ...(endpointId !== undefined && { endpointId }),
        ...(state === 'dead' && by && { by }),
        ...(state === 'dead' && all && { all }),
      },
      replace: true,
    });
  };
  return (
    <>
      <PageHeader title={t('title')} description={t('description')} />
      <Stack gap="md">
        <Group gap="sm" role="search" aria-label={t('filters')}>
          <SegmentedControl
            aria-label={t('filter.state')}
            data={states.map((value) => ({ value, label: t(`filter.${value}`) }))}
            value={search.state ?? 'all'}
            onChange={(value) => show({ state: value === 'all' ? undefined : value })}
          />
          <NativeSelect
            aria-label={t('filter.endpoint')}
            data={[
              { value: '', label: t('filter.anyEndpoint') },
              ...endpoints.map(({ id, name }) => ({ value: id, label: isolate(name) })),
            ]}
            value={search.endpointId ?? ''}
            onChange={({ currentTarget: { value } }) =>
              show({ endpointId: value === '' ? undefined : value })
            }
          />
          {search.state === 'dead' && (
            <SegmentedControl
              aria-label={t('filter.grouping')}
              data={[
                { value: 'one', label: t('filter.oneByOne') },
                { value: 'cause', label: t('filter.byCause') },
              ]}
              value={search.by ?? 'one'}
              onChange={(value) => show({ by: value === 'cause' ? 'cause' : undefined })}
            />
          )}
          {search.state === 'dead' && search.by === undefined && (
            <Checkbox
              label={t('filter.alsoSettled')}
              checked={search.all === 'yes'}
              onChange={({ currentTarget: { checked } }) => show({ all: checked ? 'yes' : undefined })}
            />
          )}
        </Group>
        {search.by === 'cause' ? (
          <CauseList endpointId={search.endpointId} />
        ) : (
          <DeliveryList state={search.state} endpointId={search.endpointId} isAll={search.all === 'yes'} />
        )}
      </Stack>
    </>
  );
}
