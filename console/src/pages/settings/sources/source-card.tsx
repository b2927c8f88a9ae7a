import { Badge, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Source } from '../../../../../src/contract/sources.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { Card } from '../../../parts/card.tsx';
import { Figure, Figures } from '../../../parts/figure.tsx';
import { Instant } from '../../../parts/instant.tsx';
import { PushAddress } from '../../../set-up/push-address.tsx';
import { SamplePush } from '../../../set-up/sample-push.tsx';
import { LimitSource } from './limit-source.tsx';
import { RemoveSource } from './remove-source.tsx';
import { RotateSource } from './rotate-source.tsx';

/** One source: its address, what came from it, and what can be done with it. */
export function SourceCard({ source }: { readonly source: Source }) {
  const { t } = useTranslation('settings');
  const format = useFormat();
  const { today, recordingBytesPerDay = Infinity } = source;
  const isOver = today.refusedPushes > 0 || today.recordingBytes >= recordingBytesPerDay;
  const ofLimit = (bytes: number, limit: number | undefined): string =>
    limit === undefined
      ? format.bytes(bytes)
      : t('sources.ofLimit', { bytes: format.bytes(bytes), limit: format.bytes(limit) });
  return (
    <Card
      title={source.name}
      aside={
        <>
          {isOver && <Badge color="red">{t('sources.overLimit')}</Badge>}
          {source.isFixed && <Badge color="gray">{t('sources.fixed')}</Badge>}
        </>
      }
    >
      <Stack gap="sm">
        {source.pushUrl !== undefined && <PushAddress url={source.pushUrl} />}
        {source.previousUntil !== undefined && (
          <Text size="sm">
            {t('sources.previous')} <Instant at={source.previousUntil} />
          </Text>
        )}
        <Figures>
          <Figure label={t('sources.pushes')} value={format.number(source.pushes)} />
          <Figure
            label={t('sources.lastPush')}
            value={source.lastPushAt === undefined ? '–' : <Instant at={source.lastPushAt} isRelative />}
          />
          <Figure label={t('sources.today')} value={ofLimit(today.pushBytes, source.pushBytesPerDay)} />
          {today.refusedPushes > 0 && (
            <Figure label={t('sources.refused')} value={format.number(today.refusedPushes)} />
          )}
          <Figure
            label={t('sources.recordingsToday')}
            value={ofLimit(today.recordingBytes, source.recordingBytesPerDay)}
          />
        </Figures>
        {source.recordingHosts && (
          <Text size="sm">
            {t('sources.hosts')}: {source.recordingHosts.join(', ')}
          </Text>
        )}
        {source.isFixed && <Text size="sm">{t('sources.fixedText')}</Text>}
        <SamplePush sourceId={source.id} />
        <Group gap="xs">
          <LimitSource source={source} />
          {!source.isFixed && <RotateSource source={source} />}
          {source.id === 'default' ? null : <RemoveSource source={source} />}
        </Group>
      </Stack>
    </Card>
  );
}
