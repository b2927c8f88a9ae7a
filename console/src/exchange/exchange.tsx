import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DeliveryAttempt } from '../../../src/contract/deliveries.ts';
import { useFormat } from '../i18n/use-format.ts';
import { ByteCount } from '../parts/byte-count.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { TextBlock } from '../parts/text-block.tsx';
import { PhaseTimes } from './phase-times.tsx';

/** What came of one push: an attempt of a delivery, or a test. */
export type Exchanged = Omit<DeliveryAttempt, 'at' | 'probe'>;

export interface ExchangeProps {
  readonly exchanged: Exchanged;
  /** What was sent, where it is known. */
  readonly body?: string;
}

/** One push as it went over the wire: the request, the answer, and where the time went. */
export function Exchange({ exchanged, body }: ExchangeProps) {
  const { t } = useTranslation('exchange');
  const format = useFormat();
  const { request, response, status, timings, durationMs, address } = exchanged;
  return (
    <Stack gap="md">
      <FactList
        facts={[
          { name: t('status'), value: status },
          { name: t('duration'), value: format.milliseconds(durationMs) },
          { name: t('address'), value: address },
          { name: t('size'), value: <ByteCount bytes={request.bytes} /> },
        ]}
      />
      <PhaseTimes timings={timings} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
        <Stack gap="xs" component="section" aria-label={t('request')}>
          <Title order={3}>{t('request')}</Title>
          <TextBlock
            label={t('head')}
            text={`${request.method} ${request.url}\n${writeHeaders(request.headers)}`}
          />
          <Text size="xs" c="dimmed">
            {t('withoutSecrets')}
          </Text>
          {body !== undefined && <TextBlock label={t('body')} text={body} />}
        </Stack>
        <Stack gap="xs" component="section" aria-label={t('answer')}>
          <Title order={3}>{t('answer')}</Title>
          {response ? (
            <>
              <TextBlock
                label={t('answerHead')}
                text={`${status ?? ''}\n${writeHeaders(response.headers)}`.trim()}
              />
              {response.body === '' ? (
                <Text size="sm">{t('emptyBody')}</Text>
              ) : (
                <TextBlock label={t('answerBody')} text={response.body} />
              )}
            </>
          ) : (
            <Text size="sm">{t('noAnswer')}</Text>
          )}
        </Stack>
      </SimpleGrid>
    </Stack>
  );
}

function writeHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}
