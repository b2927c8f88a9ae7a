import { useTranslation } from 'react-i18next';
import type { Overview } from '../../../../src/contract/service.ts';
import type { Status } from '../../../../src/contract/status.ts';
import { addresses } from '../../addresses.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Card } from '../../parts/card.tsx';
import { Figure, Figures } from '../../parts/figure.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { HourBars } from './hour-bars.tsx';

export interface RecordingsCardProps {
  readonly recordings: Status['recordings'];
  readonly archivedByHour: Overview['archivedByHour'] | undefined;
}

const states = [
  { state: 'pending' },
  { state: 'archived' },
  { state: 'lost', tone: 'bad' },
  { state: 'blocked', tone: 'warn' },
  { state: 'deleted' },
] as const;

/** Recordings by state, each a way to them, with reasons and remedies; and how many were archived each hour. */
export function RecordingsCard({ recordings, archivedByHour }: RecordingsCardProps) {
  const { t } = useTranslation(['overview', 'common']);
  const format = useFormat();
  return (
    <Card title={t('recordings.title')}>
      <Figures>
        {states.map(({ state, ...more }) => (
          <Figure
            key={state}
            label={t(`common:state.${state}`)}
            {...((recordings[state] ?? 0) > 0 && 'tone' in more ? { tone: more.tone } : {})}
            value={
              <AnchorLink to={addresses.recordings} search={{ state }} inherit c="inherit">
                {format.number(recordings[state] ?? 0)}
              </AnchorLink>
            }
          />
        ))}
      </Figures>
      {archivedByHour && <HourBars hours={archivedByHour} />}
    </Card>
  );
}
