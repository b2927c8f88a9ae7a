import { Badge, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { CallDetail } from '../../../../src/contract/calls.ts';
import { Card } from '../../parts/card.tsx';
import { Duration } from '../../parts/duration.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Instant } from '../../parts/instant.tsx';

const ids = ['callId', 'taskId', 'detailId', 'batchId', 'outId'] as const;

/** Its ids, each to be copied, and when it was. */
export function CallFacts({ call }: { readonly call: CallDetail }) {
  const { t } = useTranslation('call');
  const instantOf = (at: string | undefined) => at !== undefined && <Instant at={at} />;
  return (
    <Card title={t('facts')}>
      <FactList
        facts={[
          ...ids.map((name) => ({
            name,
            value: call[name] !== undefined && <Identifier id={call[name]} what={name} isWhole />,
          })),
          { name: t('startAt'), value: instantOf(call.startAt) },
          {
            name: t('dialledAt'),
            value: call.startAt === undefined &&
              call.at !== call.endAt &&
              call.at !== call.firstReceivedAt && <Instant at={call.at} />,
          },
          { name: t('endAt'), value: instantOf(call.endAt) },
          {
            name: t('duration'),
            value: call.durationSeconds !== undefined && <Duration seconds={call.durationSeconds} />,
          },
          { name: t('receivedAt'), value: instantOf(call.firstReceivedAt) },
          { name: t('madeUp.name'), value: call.madeUp !== undefined && t(`madeUp.${call.madeUp}`) },
          {
            name: t('flags'),
            value: call.flags.length > 0 && (
              <Group gap={4}>
                {call.flags.map((flag) => (
                  <Badge key={flag} color="orange">
                    {t(`flag.${flag}`)}
                  </Badge>
                ))}
              </Group>
            ),
          },
        ]}
      />
    </Card>
  );
}
