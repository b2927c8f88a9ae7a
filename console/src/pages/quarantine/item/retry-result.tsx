import { Alert, List, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { QuarantineRetry } from '../../../../../src/contract/quarantine.ts';
import { addresses } from '../../../addresses.ts';
import { Icon } from '../../../parts/icon.tsx';
import { AnchorLink } from '../../../parts/links.tsx';
import { PageHeader } from '../../../parts/page-header.tsx';
import { Given } from '../../../parts/given.tsx';

/** What an item became, and the calls that its messages belong to. */
export interface Retried extends QuarantineRetry {
  readonly callIds: readonly string[];
}

const shownCalls = 50;

export function RetryResult({ retried }: { readonly retried: Retried }) {
  const { t } = useTranslation('quarantine');
  const { messages, duplicates, callIds } = retried;
  return (
    <>
      <PageHeader title={t('result.title')} />
      <Stack gap="md">
        <Alert role="status" variant="light" color="teal" icon={<Icon name="done" />}>
          <Stack gap={4}>
            {messages > 0 && <Text size="sm">{t('result.messages', { count: messages })}</Text>}
            {duplicates > 0 && <Text size="sm">{t('result.duplicates', { count: duplicates })}</Text>}
          </Stack>
        </Alert>
        {callIds.length > 0 && (
          <div>
            <Text size="sm">{t('result.calls', { count: callIds.length })}</Text>
            <List size="sm" withPadding>
              {callIds.slice(0, shownCalls).map((callId) => (
                <List.Item key={callId}>
                  <AnchorLink to={addresses.call} params={{ callId }} inherit>
                    <Given text={callId} />
                  </AnchorLink>
                </List.Item>
              ))}
            </List>
            {callIds.length > shownCalls && <Text size="sm">{t('result.moreCalls')}</Text>}
          </div>
        )}
        <AnchorLink to={addresses.quarantine} fz="sm">
          {t('back')}
        </AnchorLink>
      </Stack>
    </>
  );
}
