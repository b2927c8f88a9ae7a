import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Endpoint } from '../../../../src/contract/endpoints.ts';
import { isRefusing, shownState, type Standing } from '../../endpoints/shown-state.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useNowMs } from '../../parts/use-now-ms.ts';

export interface EndpointHealthProps {
  readonly endpoint: Pick<Endpoint, 'state' | 'failuresInARow' | 'probeAt'>;
  /** Entries that it has still to look at. */
  readonly lag: number;
  readonly dead: number;
  /** Of its latest attempts, from 0 to 1. */
  readonly successRate?: number | undefined;
}

/** Fewer are what is under way at any moment. */
const catchingUpFrom = 1_000;

/** How an endpoint fares, as a word with a colour and as a sentence. */
export function EndpointHealth(props: EndpointHealthProps) {
  const sentence = useHealthSentence(props);
  return (
    <Stack gap={2} align="flex-start">
      <StateBadge state={shownState(toStanding(props))} />
      <Text size="xs" c="dimmed">
        {sentence}
      </Text>
    </Stack>
  );
}

function toStanding({ endpoint, dead, successRate }: EndpointHealthProps): Standing {
  return { state: endpoint.state, dead, ...(successRate !== undefined && { successRate }) };
}

function useHealthSentence(props: EndpointHealthProps): string {
  const { endpoint, lag, dead } = props;
  const { t } = useTranslation('endpoints');
  const format = useFormat();
  const nowMs = useNowMs();
  const number = format.number(lag);
  switch (endpoint.state) {
    case 'paused':
      return lag === 0 ? t('health.paused') : t('health.pausedWaiting', { count: lag, number });
    case 'failing':
      return endpoint.probeAt === undefined
        ? t('health.failing', { count: endpoint.failuresInARow })
        : t('health.failingUntil', {
            count: endpoint.failuresInARow,
            when: format.relative(Math.max(Date.parse(endpoint.probeAt), nowMs), nowMs),
          });
    case 'active':
      if (lag >= catchingUpFrom) return t('health.catchingUp', { count: lag, number });
      if (isRefusing(toStanding(props))) return t('health.refusing');
      if (endpoint.failuresInARow > 0) return t('health.stumbles', { count: endpoint.failuresInARow });
      return dead > 0 ? t('health.dead', { count: dead, number: format.number(dead) }) : t('health.well');
  }
}
