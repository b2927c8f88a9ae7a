import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { actions } from './actions.ts';
import type { AuditSearch } from './audit-search.ts';

export interface AuditFiltersProps {
  readonly search: AuditSearch;
  readonly onChange: (search: AuditSearch) => void;
}

/** What was done, when, to what, by whom; the address of the page holds it all. */
export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const { t } = useTranslation('audit-log');
  const set = (name: keyof AuditSearch, value: string): void => {
    const { [name]: _, ...rest } = search;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  return (
    <Group align="flex-end" gap="sm" role="search" aria-label={t('filter.label')}>
      <NativeSelect
        label={t('filter.action')}
        value={search.action ?? ''}
        onChange={(event) => set('action', event.currentTarget.value)}
        data={[
          { value: '', label: t('filter.anyAction') },
          ...actions.map((action) => ({ value: action, label: t(`action.${action}`) })),
        ]}
      />
      <TextInput
        label={t('filter.subject')}
        value={search.subjectId ?? ''}
        onChange={(event) => set('subjectId', event.currentTarget.value.trim())}
      />
      <TextInput
        type="date"
        label={t('filter.from')}
        value={search.from ?? ''}
        onChange={(event) => set('from', event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t('filter.to')}
        value={search.to ?? ''}
        onChange={(event) => set('to', event.currentTarget.value)}
      />
      {Object.values(search).some((value) => value !== undefined) && (
        <Button variant="default" onClick={() => onChange({})}>
          {t('filter.clear')}
        </Button>
      )}
    </Group>
  );
}
