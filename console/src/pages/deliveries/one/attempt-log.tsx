import { Accordion, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeliveryAttempt } from '../../../../../src/contract/deliveries.ts';
import { Exchange } from '../../../exchange/exchange.tsx';
import { OutcomeBadge } from '../../../exchange/outcome-badge.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { Instant } from '../../../parts/instant.tsx';
import { ReasonName, ReasonNote } from '../../../reasons/reason-note.tsx';

/** Every attempt, the latest first and open. */
export function AttemptLog({ attempts }: { readonly attempts: readonly DeliveryAttempt[] }) {
  const { t } = useTranslation('deliveries');
  const latest = String(attempts.length);
  const [opened, setOpened] = useState<string | null>();
  return (
    <section aria-labelledby="attempts-of-delivery">
      <Title order={2} mb="sm" id="attempts-of-delivery">
        {t('attempts')}
      </Title>
      {attempts.length === 0 && <Text size="sm">{t('noAttempts')}</Text>}
      <Accordion
        variant="contained"
        order={3}
        value={opened === undefined ? latest : opened}
        onChange={setOpened}
      >
        {attempts
          .map((attempt, index) => ({ attempt, number: index + 1 }))
          .reverse()
          .map(({ attempt, number }) => (
            <Accordion.Item key={number} value={String(number)}>
              <Accordion.Control>
                <AttemptSummary attempt={attempt} number={number} />
              </Accordion.Control>
              <Accordion.Panel>
                {(opened === undefined ? latest : opened) === String(number) && (
                  <Stack gap="md">
                    <ReasonNote kind="delivery" word={attempt.reason} />
                    {attempt.probe && <Text size="sm">{t('probe')}</Text>}
                    <Exchange exchanged={attempt} />
                  </Stack>
                )}
              </Accordion.Panel>
            </Accordion.Item>
          ))}
      </Accordion>
    </section>
  );
}

function AttemptSummary({ attempt, number }: { readonly attempt: DeliveryAttempt; readonly number: number }) {
  const { t } = useTranslation('deliveries');
  const format = useFormat();
  return (
    <Group gap="sm">
      <Text size="sm" fw={500} component="span">
        {t('attempt', { number })}
      </Text>
      <OutcomeBadge outcome={attempt.outcome} />
      <Text size="sm" component="span">
        <ReasonName kind="delivery" word={attempt.reason} />
        {attempt.status !== undefined && ` · HTTP ${attempt.status}`}
        {` · ${format.milliseconds(attempt.durationMs)} · `}
        <Instant at={attempt.at} />
      </Text>
    </Group>
  );
}
