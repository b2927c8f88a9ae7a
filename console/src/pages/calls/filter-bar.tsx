import { Group, NativeSelect } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { periods, states, type CallsSearch, type FilterChange } from './calls-search.ts';
import { FilterChips } from './filter-chips.tsx';
import { MoreFilters } from './more-filters.tsx';

export interface FilterBarProps {
  readonly search: CallsSearch;
  /** What of the search changes; undefined takes a filter away. */
  readonly onChange: (change: FilterChange) => void;
  /** What stands at the right. */
  readonly children: ReactNode;
}

export function FilterBar({ search, onChange, children }: FilterBarProps) {
  const { t } = useTranslation('calls');
  const { t: tCommon } = useTranslation();
  const ownPeriod = search.from !== undefined || search.to !== undefined;
  return (
    <Group gap="xs" mb="xs" align="center">
      <NativeSelect
        aria-label={t('filter.state')}
        value={search.state ?? ''}
        onChange={(event) => onChange({ state: states.find((state) => state === event.currentTarget.value) })}
        data={[
          { value: '', label: t('filter.anyState') },
          ...states.map((state) => ({ value: state, label: tCommon(`state.${state}`) })),
        ]}
      />
      <NativeSelect
        aria-label={t('filter.period')}
        value={ownPeriod ? 'own' : (search.period ?? '')}
        onChange={(event) => {
          const { value } = event.currentTarget;
          if (value !== 'own')
            onChange({ period: periods.find((each) => each === value), from: undefined, to: undefined });
        }}
        data={[
          { value: '', label: t('filter.anyPeriod') },
          ...periods.map((period) => ({ value: period, label: t(`filter.${period}`) })),
          ...(ownPeriod ? [{ value: 'own', label: t('filter.ownPeriod') }] : []),
        ]}
      />
      <MoreFilters search={search} onChange={onChange} />
      <FilterChips search={search} onChange={onChange} />
      <Group gap="xs" ml="auto">
        {children}
      </Group>
    </Group>
  );
}
