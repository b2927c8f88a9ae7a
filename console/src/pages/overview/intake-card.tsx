import { useTranslation } from 'react-i18next';
import type { Status } from '../../../../src/contract/status.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Card } from '../../parts/card.tsx';
import { Figure, Figures } from '../../parts/figure.tsx';
import { Instant } from '../../parts/instant.tsx';
import { LazyCurve } from '../../parts/curve/lazy-curve.tsx';
import { hourMs, type MinuteCurve } from './minute-curve.ts';

export interface IntakeCardProps {
  readonly intake: Status['intake'];
  readonly curve: MinuteCurve;
  readonly lastPushAt: string | undefined;
}

/** Pushes and messages a minute, now and over the last hour. */
export function IntakeCard({ intake, curve, lastPushAt }: IntakeCardProps) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const pushes = format.number(intake.pushesPerMinute, 0);
  const messages = format.number(intake.messagesPerMinute, 0);
  return (
    <Card title={t('intake.title')}>
      <Figures>
        <Figure label={t('intake.pushes')} value={pushes} />
        <Figure label={t('intake.messages')} value={messages} />
        <Figure label={t('intake.duplicates')} value={format.number(intake.duplicatesPerMinute, 0)} />
        <Figure
          label={t('intake.lastPush')}
          value={lastPushAt === undefined ? '–' : <Instant at={lastPushAt} isRelative />}
        />
      </Figures>
      <LazyCurve
        summary={t('intake.summary', { pushes, messages })}
        instantsMs={curve.instantsMs}
        spanMs={hourMs}
        series={[
          { label: t('intake.messages'), values: curve.messages, color: 'orange' },
          { label: t('intake.pushes'), values: curve.pushes, color: 'sea' },
        ]}
        formatValue={(value) => format.number(value, 0)}
        tableEvery={6}
      />
    </Card>
  );
}
