import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { columnNames, type ColumnName } from './columns.tsx';

export interface ColumnMenuProps {
  readonly shown: readonly ColumnName[];
  readonly onChoose: (names: readonly ColumnName[]) => void;
}

export function ColumnMenu({ shown, onChoose }: ColumnMenuProps) {
  const { t } = useTranslation('calls');
  const toggle = (name: ColumnName): void =>
    onChoose(shown.includes(name) ? shown.filter((each) => each !== name) : [...shown, name]);
  return (
    <Popover position="bottom-end" trapFocus shadow="md">
      <Popover.Target>
        <Button variant="default">{t('columns')}</Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6}>
          {columnNames.map((name) => (
            <Checkbox
              key={name}
              label={t(`column.${name}`)}
              checked={shown.includes(name)}
              // Something has to be shown of a call.
              disabled={shown.length === 1 && shown.includes(name)}
              onChange={() => toggle(name)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
