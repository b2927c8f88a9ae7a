import { useTranslation } from 'react-i18next';
import type { Status } from '../../../../src/contract/status.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Card } from '../../parts/card.tsx';
import { Figure, Figures } from '../../parts/figure.tsx';
import { LazyCurve } from '../../parts/curve/lazy-curve.tsx';
import { hourMs, type MinuteCurve } from './minute-curve.ts';

export interface AcknowledgementCardProps {
  readonly ackMs: Status['intake']['ackMs'];
  readonly curve: MinuteCurve;
}

/** How long the sender waits for an answer, it says; then it gives up and comes again. */
const senderWaitsMs = 700;

/** How fast pushes are acknowledged, beside the line that is not to be crossed. */
export function AcknowledgementCard({ ackMs, curve }: AcknowledgementCardProps) {
  const { t } = useTranslation('overview');
  const format = useFormat();
  const show = (ms: number | undefined): string => (ms === undefined ? '–' : format.milliseconds(ms));
  return (
    <Card title={t('acknowledgement.title')}>
      <Figures>
        <Figure label={t('acknowledgement.p50')} value={show(ackMs.p50)} />
        <Figure label={t('acknowledgement.p99')} value={show(ackMs.p99)} />
        <Figure label={t('acknowledgement.max')} value={show(ackMs.max)} />
        <Figure label={t('acknowledgement.limit')} value={show(senderWaitsMs)} />
      </Figures>
      <LazyCurve
        summary={t('acknowledgement.summary', { p50: show(ackMs.p50), p99: show(ackMs.p99) })}
        instantsMs={curve.instantsMs}
        spanMs={hourMs}
        series={[
          { label: t('acknowledgement.p99'), values: curve.ackP99Ms, color: 'orange' },
          { label: t('acknowledgement.p50'), values: curve.ackP50Ms, color: 'sea' },
        ]}
        limit={{ value: senderWaitsMs, label: t('acknowledgement.limit') }}
        formatValue={(value) => format.milliseconds(value)}
        tableEvery={6}
      />
    </Card>
  );
}
