import { Text, Timeline as Line } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { CallDetail } from '../../../../src/contract/calls.ts';
import type { RecordingDetail } from '../../../../src/contract/recordings.ts';
import { useClient } from '../../client.ts';
import { formatClock } from '../../i18n/format.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Card } from '../../parts/card.tsx';
import classes from './timeline-view.module.css';
import { deliveriesQuery } from './deliveries-query.ts';
import { historyQuery } from './history-query.ts';
import { tellTimeline, type Happening } from './timeline.ts';
import { useSentence } from './use-sentence.ts';

export interface TimelineProps {
  readonly call: CallDetail;
  readonly recordings: readonly RecordingDetail[];
}

/** What happened to the call, from its beginning to whoever heard it, in plain sentences. */
export function Timeline({ call, recordings }: TimelineProps) {
  const { t } = useTranslation('call');
  const client = useClient();
  const format = useFormat();
  const sentenceOf = useSentence();
  const deliveries = useQuery(deliveriesQuery(client, call));
  const history = useQuery(historyQuery(client, call.callId));
  const happenings = tellTimeline({
    call,
    recordings,
    deliveries: deliveries.data ?? [],
    history: history.data?.items ?? [],
  });
  const pushedMs = Date.parse(call.firstReceivedAt);
  /** `+1:02:05`, `−0:07`; beyond two days in days. */
  const offsetOf = (atMs: number): string => {
    const sign = atMs < pushedMs ? '−' : '+';
    const seconds = Math.abs(atMs - pushedMs) / 1000;
    const length =
      seconds < 172_800 ? formatClock(seconds) : t('timeline.days', { count: Math.round(seconds / 86_400) });
    return sign + length;
  };
  return (
    <Card title={t('timeline.title')}>
      <Line
        bulletSize={14}
        lineWidth={2}
        active={happenings.length}
        classNames={{ item: classes.item ?? '' }}
      >
        {happenings.map((happening, index) => (
          <Line.Item key={index} color={colourOf(happening)}>
            <Text size="sm" mt={-3}>
              {sentenceOf(happening)}
            </Text>
            <Text size="xs" c="dimmed" className="tabular">
              <time dateTime={new Date(happening.atMs).toISOString()}>
                {format.dateAndTime(happening.atMs)}
              </time>
              {' · '}
              {t('timeline.offset', { offset: offsetOf(happening.atMs) })}
            </Text>
          </Line.Item>
        ))}
      </Line>
    </Card>
  );
}

function colourOf({ kind }: Happening): string {
  if (kind === 'lost' || kind === 'dead') return 'red';
  if (kind === 'failed' || kind === 'blocked') return 'orange';
  return kind === 'archived' || kind === 'delivered' ? 'teal' : 'sea';
}
