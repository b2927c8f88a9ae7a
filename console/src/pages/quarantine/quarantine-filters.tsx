import { Group, NativeSelect } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { QuarantineKindList } from '../../../../src/contract/quarantine.ts';
import { addresses } from '../../addresses.ts';
import { useReasons } from '../../reasons/use-reasons.ts';
import { receivedSpans, type QuarantineSearch } from './quarantine-search.ts';

interface QuarantineFiltersProps {
  readonly search: QuarantineSearch;
  /** Of everything that is there: what can be chosen. */
  readonly kinds: QuarantineKindList['items'];
}

export function QuarantineFilters({ search, kinds }: QuarantineFiltersProps) {
  const { t } = useTranslation('quarantine');
  const textOf = useReasons();
  const navigate = useNavigate();
  const choose = (name: keyof QuarantineSearch, value: string): void => {
    const { [name]: _before, ...others } = search;
    void navigate({
      to: addresses.quarantine,
      search: value === '' ? others : { ...others, [name]: value },
      replace: true,
    });
  };
  const select = (name: keyof QuarantineSearch, any: string, options: { value: string; label: string }[]) => (
    <NativeSelect
      aria-label={t(`column.${name === 'received' ? 'receivedAt' : name}`)}
      data={[{ value: '', label: any }, ...options]}
      value={search[name] ?? ''}
      onChange={({ currentTarget: { value } }) => choose(name, value)}
    />
  );
  const known = (values: readonly string[], chosen: string | undefined): string[] => [
    ...new Set([...values, ...(chosen === undefined ? [] : [chosen])]),
  ];
  const reasons = known(
    kinds.map(({ reason }) => reason),
    search.reason,
  );
  const sources = known(
    kinds.map(({ source }) => source),
    search.source,
  );
  return (
    <Group gap="sm" role="search" aria-label={t('filter.label')}>
      {select(
        'reason',
        t('filter.anyReason'),
        reasons.map((reason) => ({ value: reason, label: textOf('quarantine', reason).name })),
      )}
      {select(
        'source',
        t('filter.anySource'),
        sources.map((source) => ({ value: source, label: source })),
      )}
      {select(
        'received',
        t('filter.anyTime'),
        receivedSpans.map((span) => ({ value: span, label: t(`filter.${span}`) })),
      )}
    </Group>
  );
}
