import { Group, Stack, Title } from '@mantine/core';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { EndpointDetail } from '../../../../src/contract/endpoints.ts';
import { addresses } from '../../addresses.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { useStatus } from '../../live/use-status.ts';
import { AnswerState } from '../../parts/answer-state.tsx';
import { PageWithoutAnswer } from '../../parts/page-without-answer.tsx';
import { FactList } from '../../parts/fact-list.tsx';
import { Identifier } from '../../parts/identifier.tsx';
import { Instant } from '../../parts/instant.tsx';
import { AnchorLink } from '../../parts/links.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { useMay } from '../../session/use-session.ts';
import { EndpointHealth } from './endpoint-health.tsx';
import { EndpointActs } from './one/endpoint-acts.tsx';
import { EndpointSettings } from './one/endpoint-settings.tsx';
import { SigningSecrets } from './one/signing-secrets.tsx';
import { useEndpoint } from './one/use-endpoint.ts';
import { ReplayList } from './replay/replay-list.tsx';
import { isolate } from '../../given-text.ts';

/** One endpoint: how it fares, what can be done with it, its secrets, replays and settings. */
export function EndpointPage() {
  const { endpointId } = useParams({ from: '/shell/endpoints/$endpointId' });
  const { t } = useTranslation('endpoints');
  const endpoint = useEndpoint(endpointId);
  if (!endpoint.data) return <PageWithoutAnswer title={t('one', { id: endpointId })} answer={endpoint} />;
  return (
    <>
      <AnswerState of={endpoint} />
      <ShownEndpoint endpoint={endpoint.data} />
    </>
  );
}

function ShownEndpoint({ endpoint }: { readonly endpoint: EndpointDetail }) {
  const { t } = useTranslation('endpoints');
  const mayOperate = useMay('operate');
  return (
    <>
      <PageHeader title={isolate(endpoint.name)} description={endpoint.url.split('?', 1)[0]}>
        {mayOperate && <EndpointActs endpoint={endpoint} />}
      </PageHeader>
      <Stack gap="xl">
        <section aria-label={t('standing')}>
          <Stack gap="sm">
            <EndpointHealth
              endpoint={endpoint}
              lag={endpoint.lag}
              dead={endpoint.deliveries.dead}
              successRate={useStatus().data?.endpoints.find(({ id }) => id === endpoint.id)?.successRate}
            />
            <Standing endpoint={endpoint} />
          </Stack>
        </section>
        <ReplayList endpointId={endpoint.id} />
        {mayOperate && <SigningSecrets endpoint={endpoint} />}
        <section aria-labelledby="settings-of-endpoint">
          <Title order={2} mb="sm" id="settings-of-endpoint">
            {t('settings')}
          </Title>
          <EndpointSettings endpoint={endpoint} />
        </section>
      </Stack>
    </>
  );
}

function Standing({ endpoint }: { readonly endpoint: EndpointDetail }) {
  const { t } = useTranslation('endpoints');
  const format = useFormat();
  const { deliveries } = endpoint;
  const counted = (state: 'pending' | 'delivered' | 'dead') => (
    <AnchorLink
      to={addresses.deliveries}
      search={{ state, endpointId: endpoint.id }}
      fz="sm"
      className="tabular"
    >
      {format.number(deliveries[state])}
    </AnchorLink>
  );
  return (
    <FactList
      facts={[
        { name: t('column.pending'), value: counted('pending') },
        { name: t('fact.delivered'), value: counted('delivered') },
        { name: t('column.dead'), value: counted('dead') },
        { name: t('column.lag'), value: format.number(endpoint.lag) },
        {
          name: t('column.next'),
          value: deliveries.nextAttemptAt && <Instant at={deliveries.nextAttemptAt} isRelative />,
        },
        { name: t('fact.cursor'), value: format.number(endpoint.cursor) },
        { name: t('fact.createdAt'), value: <Instant at={endpoint.createdAt} /> },
        {
          name: t('fact.id'),
          value: (
            <Group gap={0}>
              <Identifier id={endpoint.id} what={t('fact.id')} />
            </Group>
          ),
        },
      ]}
    />
  );
}
