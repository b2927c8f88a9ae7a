import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import type { CurveProps } from './curve-props.ts';
import classes from './curve.module.css';

/** The values of curves as numbers, the latest first. */
export function CurveTable({ summary, instantsMs, series, formatValue, tableEvery }: CurveProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = instantsMs.map((_, index) => index).filter((index) => (index + 1) % tableEvery === 0);
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={summary}>
      <Table fz="xs" verticalSpacing={2}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">{t('time')}</Table.Th>
            {series.map(({ label }) => (
              <Table.Th key={label} scope="col" ta="right">
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="tabular">
          {shown.reverse().map((index) => (
            <Table.Tr key={index}>
              <Table.Td>{format.time(instantsMs[index]!)}</Table.Td>
              {series.map(({ label, values }) => {
                const value = values[index];
                return (
                  <Table.Td key={label} ta="right">
                    {value === undefined ? '–' : formatValue(value)}
                  </Table.Td>
                );
              })}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
