import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import type { AuditVerdict } from '../../../../src/contract/audit.ts';
import { useClient } from '../../client.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Icon } from '../../parts/icon.tsx';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import classes from './chain-check.module.css';

/** Reads the whole log and tells whether its chain of hashes holds. */
export function ChainCheck() {
  const { t } = useTranslation('audit-log');
  const client = useClient();
  const check = useMutation({ mutationFn: () => client.audit.verify() });
  return (
    <Stack gap="xs">
      <Group>
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          {t('check.act')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('check.text')}
        </Text>
      </Group>
      {check.error && <ProblemAlert error={check.error} />}
      <div role="status">{check.data && <Verdict verdict={check.data} />}</div>
    </Stack>
  );
}

function Verdict({ verdict: { isIntact, records, brokenAt, lastHash } }: { readonly verdict: AuditVerdict }) {
  const { t } = useTranslation('audit-log');
  const format = useFormat();
  return (
    <Alert
      variant="light"
      color={isIntact ? 'teal' : 'red'}
      icon={<Icon name={isIntact ? 'done' : 'bad'} />}
      title={isIntact ? t('check.intact') : t('check.broken', { seq: format.number(brokenAt ?? 0) })}
    >
      <Text size="sm">
        {t('check.records', { count: records, number: format.number(records) })} {t('check.hash')}{' '}
        <Code className={classes.hash}>{lastHash}</Code>
      </Text>
    </Alert>
  );
}
