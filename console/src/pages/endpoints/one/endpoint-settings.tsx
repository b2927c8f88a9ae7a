import { Badge, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { EndpointDetail } from '../../../../../src/contract/endpoints.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { FactList, type Fact } from '../../../parts/fact-list.tsx';
import { Instant } from '../../../parts/instant.tsx';
import { writeSchedule } from '../form/schedule-text.ts';

/** Every setting, in the words of the form. */
export function EndpointSettings({ endpoint }: { readonly endpoint: EndpointDetail }) {
  return <FactList facts={[...useContentFacts(endpoint), ...usePaceFacts(endpoint)]} />;
}

function useContentFacts(endpoint: EndpointDetail): Fact[] {
  const { t } = useTranslation('endpoints');
  const { types, when, recordFile, filter, auth, headers, start } = endpoint;
  const headerNames = Object.keys(headers);
  return [
    {
      name: t('field.types.label'),
      value: (
        <Group gap={4}>
          {types.map((type) => (
            <Badge key={type}>{t(`type.${type}`)}</Badge>
          ))}
        </Group>
      ),
    },
    { name: t('field.when.label'), value: t(`field.when.${when}`) },
    { name: t('field.recordFile.label'), value: t(`field.recordFile.${recordFile}`) },
    { name: t('field.taskId.label'), value: filter.taskId },
    { name: t('field.batchId.label'), value: filter.batchId },
    { name: t('field.outIdPrefix.label'), value: filter.outIdPrefix },
    {
      name: t('field.minDurationSeconds.label'),
      value:
        filter.minDurationSeconds === undefined
          ? undefined
          : `${filter.minDurationSeconds} ${t('field.minDurationSeconds.unit')}`,
    },
    {
      name: t('field.auth.label'),
      value: t(
        auth?.type === 'basic' || auth?.type === 'bearer' ? `field.auth.${auth.type}` : 'field.auth.none',
      ),
    },
    { name: t('field.headers.label'), value: headerNames.length > 0 && headerNames.join(', ') },
    {
      name: t('field.start.label'),
      value: start === 'now' || start === 'beginning' ? t(`field.start.${start}`) : <Instant at={start} />,
    },
  ];
}

function usePaceFacts(endpoint: EndpointDetail): Fact[] {
  const { t } = useTranslation('endpoints');
  const format = useFormat();
  const onOrOff = (isOn: boolean) => t(isOn ? 'on' : 'off');
  const { retrySchedule, ratePerSecond } = endpoint;
  return [
    { name: t('field.batchSize.label'), value: format.number(endpoint.batchSize) },
    { name: t('field.lingerMs.label'), value: format.milliseconds(endpoint.lingerMs) },
    { name: t('field.concurrency.label'), value: format.number(endpoint.concurrency) },
    {
      name: t('field.ratePerSecond.label'),
      value:
        ratePerSecond === undefined
          ? t('noBound')
          : `${format.number(ratePerSecond, 4)} ${t('field.ratePerSecond.unit')}`,
    },
    { name: t('field.gzip.label'), value: onOrOff(endpoint.gzip) },
    { name: t('field.timeoutMs.label'), value: format.milliseconds(endpoint.timeoutMs) },
    {
      name: t('field.retrySchedule.label'),
      value: retrySchedule.length === 0 ? t('noRetries') : writeSchedule(retrySchedule),
    },
    { name: t('field.jitterPercent.label'), value: format.percent(endpoint.jitter) },
    { name: t('field.retryAfter.label'), value: onOrOff(endpoint.retryAfter) },
    { name: t('field.halving.label'), value: onOrOff(endpoint.halving) },
  ];
}
