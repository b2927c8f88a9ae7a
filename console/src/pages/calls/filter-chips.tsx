import { ActionIcon, Badge, Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import { Icon } from '../../parts/icon.tsx';
import { isFiltered, type CallsSearch, type FilterChange } from './calls-search.ts';

const names = [
  ...(['q', 'from', 'to', 'taskId', 'detailId', 'batchId', 'outId'] as const),
  ...(['minDuration', 'maxDuration', 'tag'] as const),
];

export interface FilterChipsProps {
  readonly search: CallsSearch;
  readonly onChange: (change: FilterChange) => void;
}

/** Every filter that has no control of its own in the bar, each with a way to take it off. */
export function FilterChips({ search, onChange }: FilterChipsProps) {
  const { t } = useTranslation('calls');
  const format = useFormat();
  const show = (name: (typeof names)[number], value: string): string =>
    name === 'from' || name === 'to' ? format.dateAndTime(value) : value;
  return (
    <>
      {names.map((name) => {
        const value = search[name];
        if (value === undefined) return null;
        const label = t(`chip.${name}`, { value: show(name, value) });
        return (
          <Badge
            key={name}
            size="lg"
            maw={320}
            rightSection={
              <ActionIcon
                size="xs"
                color="sea"
                aria-label={t('filter.remove', { filter: label })}
                onClick={() => onChange({ [name]: undefined })}
              >
                <Icon name="close" size={12} />
              </ActionIcon>
            }
          >
            {label}
          </Badge>
        );
      })}
      {isFiltered(search) && (
        <Button variant="subtle" color="gray" onClick={() => onChange(noFilter)}>
          {t('filter.clear')}
        </Button>
      )}
    </>
  );
}

export const noFilter: FilterChange = Object.fromEntries(
  [...names, 'state', 'period'].map((name) => [name, undefined]),
);
