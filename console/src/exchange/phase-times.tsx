import { Group, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeliveryAttempt } from '../../../src/contract/deliveries.ts';
import { useFormat } from '../i18n/use-format.ts';

/** In the order in which they follow each other. */
const phases = ['lookup', 'connect', 'tls', 'head', 'body'] as const;

/** Where the time of a push went; phases that were not reached, or not needed, are left out. */
export function PhaseTimes({ timings }: { readonly timings: DeliveryAttempt['timings'] }) {
  const { t } = useTranslation('exchange');
  const format = useFormat();
  const known = phases.flatMap((phase) => {
    const ms = timings[`${phase}Ms`];
    return ms === undefined ? [] : [{ phase, ms }];
  });
  if (known.length === 0) return null;
  return (
    <Group gap="lg" component="ul" p={0} m={0} aria-label={t('times')}>
      {known.map(({ phase, ms }) => (
        <Text key={phase} size="sm" component="li" display="block" className="tabular">
          {t(`phase.${phase}`)} {format.milliseconds(ms)}
        </Text>
      ))}
    </Group>
  );
}
