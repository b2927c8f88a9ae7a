import { Button, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../parts/empty-state.tsx';
import { WithCode } from '../../parts/with-code.tsx';
import { isFiltered, type CallsSearch, type FilterChange } from './calls-search.ts';
import { noFilter } from './filter-chips.tsx';

export interface NoCallsProps {
  readonly search: CallsSearch;
  readonly onChange: (change: FilterChange) => void;
}

/** Why the list is empty, and what would fill it. */
export function NoCalls({ search, onChange }: NoCallsProps) {
  const { t } = useTranslation('calls');
  if (!isFiltered(search))
    return (
      <EmptyState icon="calls" title={t('empty.title')}>
        <WithCode text={t('empty.text')} />
      </EmptyState>
    );
  return (
    <EmptyState icon="search" title={t('nothing.title')}>
      <Stack gap="sm" align="center">
        <span>{search.q === undefined ? t('nothing.text') : t('nothing.ofSearch', { words: search.q })}</span>
        <Button variant="default" onClick={() => onChange(noFilter)}>
          {t('filter.clear')}
        </Button>
      </Stack>
    </EmptyState>
  );
}
