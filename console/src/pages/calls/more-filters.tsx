import { Autocomplete, Button, Group, Popover, SimpleGrid, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { tagsQuery } from '../../calls/tags-query.ts';
import { useClient } from '../../client.ts';
import type { CallsSearch, FilterChange } from './calls-search.ts';
import { fromLocalTime, toLocalTime } from './local-time.ts';

export interface MoreFiltersProps {
  readonly search: CallsSearch;
  readonly onChange: (change: FilterChange) => void;
}

/** The filters that are needed now and then, behind one button. */
export function MoreFilters({ search, onChange }: MoreFiltersProps) {
  const { t } = useTranslation('calls');
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} position="bottom-start" width={460} trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default" onClick={() => setOpen(!isOpen)}>
          {t('filter.more')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <FilterForm
          search={search}
          onApply={(change) => {
            onChange(change);
            setOpen(false);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

const ids = ['taskId', 'batchId', 'outId', 'detailId'] as const;

function FilterForm(props: {
  readonly search: CallsSearch;
  readonly onApply: (change: FilterChange) => void;
}) {
  const { search, onApply } = props;
  const { t } = useTranslation('calls');
  const [values, setValues] = useState(() => ({
    ...search,
    from: toLocalTime(search.from),
    to: toLocalTime(search.to),
  }));
  const tags = useQuery(tagsQuery(useClient()));
  const field = (name: keyof CallsSearch) => ({
    label: t(`field.${name as 'taskId'}`),
    value: values[name] ?? '',
    onChange: (event: { currentTarget: { value: string } }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onApply(toChange(values, search));
      }}
    >
      <SimpleGrid cols={2} spacing="xs" verticalSpacing="xs">
        <TextInput type="datetime-local" step={1} {...field('from')} data-autofocus />
        <TextInput type="datetime-local" step={1} {...field('to')} />
        {ids.map((name) => (
          <TextInput key={name} {...field(name)} maxLength={500} />
        ))}
        <TextInput type="number" min={0} step="any" {...field('minDuration')} />
        <TextInput type="number" min={0} step="any" {...field('maxDuration')} />
        <Autocomplete
          label={t('field.tag')}
          size="xs"
          value={values.tag ?? ''}
          onChange={(tag) => setValues({ ...values, tag })}
          data={tags.data?.items.map(({ tag }) => tag) ?? []}
          comboboxProps={{ withinPortal: false }}
        />
      </SimpleGrid>
      <Group justify="flex-end" mt="sm">
        <Button type="submit">{t('filter.apply')}</Button>
      </Group>
    </form>
  );
}

function toChange(values: CallsSearch, before: CallsSearch): FilterChange {
  const textOf = (name: keyof CallsSearch): string | undefined => values[name]?.trim() || undefined;
  const from = fromLocalTime(values.from);
  const to = fromLocalTime(values.to);
  const names = [...ids, 'minDuration', 'maxDuration', 'tag'] as const;
  return {
    ...Object.fromEntries(names.map((name) => [name, textOf(name)])),
    from,
    to,
    period: from === undefined && to === undefined ? before.period : undefined,
  };
}
