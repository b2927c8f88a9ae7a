import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../../src/contract/service.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ByteCount } from '../../parts/byte-count.tsx';
import { Card } from '../../parts/card.tsx';
import { Figure, Figures } from '../../parts/figure.tsx';

/** Beyond ten years a number of days says nothing. */
const endlessDays = 3650;

/** What is left of the disk, and for how long at the pace of the last week. */
export function DiskCard({ storage }: { readonly storage: Overview['storage'] }) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const { freeBytes, reservedBytes, bytesPerDay, daysLeft } = storage;
  const days =
    daysLeft === undefined
      ? '–'
      : daysLeft > endlessDays
        ? t('disk.years')
        : format.number(daysLeft, daysLeft < 10 ? 1 : 0);
  return (
    <Card title={t('disk.title')}>
      <Figures>
        <Figure
          label={t('disk.free')}
          value={freeBytes === undefined ? t('disk.unbounded') : <ByteCount bytes={freeBytes} />}
        />
        {reservedBytes !== undefined && reservedBytes > 0 && (
          <Figure label={t('disk.reserved')} value={<ByteCount bytes={reservedBytes} />} />
        )}
        <Figure
          label={t('disk.perDay')}
          value={bytesPerDay === undefined ? '–' : <ByteCount bytes={bytesPerDay} />}
        />
        <Figure label={t('disk.daysLeft')} value={days} />
      </Figures>
      {freeBytes !== undefined && bytesPerDay === undefined && (
        <Text size="xs" c="dimmed">
          {t('disk.tooEarly')}
        </Text>
      )}
    </Card>
  );
}
