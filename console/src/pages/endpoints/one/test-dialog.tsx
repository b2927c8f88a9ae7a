import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { EndpointTest } from '../../../../../src/contract/endpoints.ts';
import { useClient } from '../../../client.ts';
import { Exchange } from '../../../exchange/exchange.tsx';
import { PagePending } from '../../../parts/page-pending.tsx';
import { Icon } from '../../../parts/icon.tsx';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { WithCode } from '../../../parts/with-code.tsx';
import { useReasons } from '../../../reasons/use-reasons.ts';
import type { DialogProps } from './removal-dialog.tsx';

/** Sends the specification's sample and shows what went out, what came back, and what that means. */
export function TestDialog({ endpoint, isOpen, onClose }: DialogProps) {
  const { t } = useTranslation('endpoints');
  const { t: tCommon } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="80rem"
      title={t('test.title', { name: endpoint.name })}
      closeButtonProps={{ 'aria-label': tCommon('close') }}
    >
      <TestRun endpointId={endpoint.id} />
    </Modal>
  );
}

/** Begins as it is shown. */
function TestRun({ endpointId }: { readonly endpointId: string }) {
  const { t } = useTranslation('endpoints');
  const client = useClient();
  const test = useMutation({ mutationFn: () => client.endpoints.test(endpointId) });
  const { mutate } = test;
  useEffect(() => mutate(), [mutate]);
  return (
    <Stack gap="md">
      <Text size="sm">{t('test.text')}</Text>
      {test.isPending && <PagePending />}
      {test.error && <ProblemAlert error={test.error} />}
      {test.data && (
        <>
          <Verdict test={test.data} />
          <Exchange exchanged={test.data} body={test.data.request.body} />
        </>
      )}
      <Group>
        <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
          {t('test.again')}
        </Button>
      </Group>
    </Stack>
  );
}

function Verdict({ test }: { readonly test: EndpointTest }) {
  const { t } = useTranslation('endpoints');
  const { name, cause, remedy } = useReasons()('delivery', test.reason);
  const isFine = test.outcome === 'ok';
  return (
    <Alert
      role="status"
      variant="light"
      color={isFine ? 'teal' : 'red'}
      icon={<Icon name={isFine ? 'done' : 'warning'} />}
      title={isFine ? t('test.passed') : t('test.failed', { reason: name })}
    >
      <Text size="sm">
        <WithCode text={cause} />
      </Text>
      {!isFine && (
        <Text size="sm">
          <WithCode text={remedy} />
        </Text>
      )}
    </Alert>
  );
}
