import { Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../../src/contract/service.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Card } from '../../parts/card.tsx';
import { Instant } from '../../parts/instant.tsx';
import { toRadarGroups } from './radar-groups.ts';
import classes from './radar-card.module.css';

export interface RadarCardProps {
  readonly radar: Overview['radar'] | undefined;
  readonly nextDeadlineAt: string | undefined;
}

/** The expiry radar: recordings that are not archived yet, by the time that their links have left. */
export function RadarCard({ radar, nextDeadlineAt }: RadarCardProps) {
  const { t } = useTranslation('overview');
  return (
    <Card
      title={t('radar.title')}
      aside={
        nextDeadlineAt !== undefined && (
          <Text size="xs" c="dimmed">
            {t('radar.next')} <Instant at={nextDeadlineAt} isRelative />
          </Text>
        )
      }
    >
      {radar ? <Radar radar={radar} /> : <Text size="sm">{t('unknown')}</Text>}
    </Card>
  );
}

function Radar({ radar }: { readonly radar: Overview['radar'] }) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const groups = toRadarGroups(radar);
  const most = Math.max(1, ...groups.map(({ recordings }) => recordings));
  if (groups.every(({ recordings }) => recordings === 0)) return <Text size="sm">{t('radar.empty')}</Text>;
  return (
    <Table verticalSpacing={3} withRowBorders={false}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('radar.left')}</Table.Th>
          <Table.Th scope="col" ta="right">
            {t('radar.recordings')}
          </Table.Th>
          <Table.Td w="60%" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {groups.map(({ name, recordings, isUrgent }) => (
          <Table.Tr key={name}>
            <Table.Td className={classes.name}>{t(`radar.${name}`)}</Table.Td>
            <Table.Td ta="right" className="tabular">
              {format.number(recordings)}
            </Table.Td>
            <Table.Td>
              <div
                className={classes.bar}
                data-urgent={isUrgent}
                style={{ width: `${(recordings / most) * 100}%` }}
              />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
