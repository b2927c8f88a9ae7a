import { SimpleGrid, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Status } from '../../../../src/contract/status.ts';
import { addresses } from '../../addresses.ts';
import { PageWithoutAnswer } from '../../parts/page-without-answer.tsx';
import { useStatus } from '../../live/use-status.ts';
import { ButtonLink } from '../../parts/links.tsx';
import { PageHeader } from '../../parts/page-header.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { useMay } from '../../session/use-session.ts';
import { AcknowledgementCard } from './acknowledgement-card.tsx';
import { ConsumersCard } from './consumers-card.tsx';
import { DiskCard } from './disk-card.tsx';
import { EndpointsCard } from './endpoints-card.tsx';
import { IntakeCard } from './intake-card.tsx';
import { ProcessesCard } from './processes-card.tsx';
import { RadarCard } from './radar-card.tsx';
import { RecordingsCard } from './recordings-card.tsx';
import { toMinuteCurve } from './minute-curve.ts';
import { useOverview } from './use-overview.ts';
import { VerdictLine } from './verdict-line.tsx';

/** One glance answers: is anything being lost? */
export function OverviewPage() {
  const { t } = useTranslation('overview');
  const status = useStatus();
  const overview = useOverview();
  if (!status.data) return <PageWithoutAnswer title={t('title')} answer={status} />;
  return <ShownOverview status={status.data} overview={overview} />;
}

interface ShownOverviewProps {
  readonly status: Status;
  readonly overview: ReturnType<typeof useOverview>;
}

function ShownOverview({ status, overview }: ShownOverviewProps) {
  const { t } = useTranslation('overview');
  const curve = toMinuteCurve(overview.data?.recent ?? []);
  const isEmpty = status.journal.lastSeq === 0 && overview.data?.lastPushAt === undefined;
  return (
    <Stack gap="sm">
      <PageHeader title={t('title')} />
      <VerdictLine status={status} overview={overview.error ? undefined : overview.data} />
      {overview.error && <ProblemAlert error={overview.error} />}
      {isEmpty && <FirstSteps />}
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
        <IntakeCard intake={status.intake} curve={curve} lastPushAt={overview.data?.lastPushAt} />
        <AcknowledgementCard ackMs={status.intake.ackMs} curve={curve} />
        <RecordingsCard recordings={status.recordings} archivedByHour={overview.data?.archivedByHour} />
        <RadarCard radar={overview.data?.radar} nextDeadlineAt={status.nextDeadlineAt} />
        <EndpointsCard endpoints={status.endpoints} />
        <Stack gap="sm">
          <ConsumersCard status={status} />
          <DiskCard storage={overview.data?.storage ?? status.storage} />
        </Stack>
      </SimpleGrid>
      {status.processes.length > 1 && <ProcessesCard processes={status.processes} />}
    </Stack>
  );
}

/** For an instance that nothing has reached yet. */
function FirstSteps() {
  const { t } = useTranslation('overview');
  const mayAdminister = useMay('administer');
  if (!mayAdminister) return <Text c="dimmed">{t('nothingYet')}</Text>;
  return (
    <Text component="div">
      {t('nothingYet')}{' '}
      <ButtonLink to={addresses.start} ml="xs">
        {t('firstSteps')}
      </ButtonLink>
    </Text>
  );
}
