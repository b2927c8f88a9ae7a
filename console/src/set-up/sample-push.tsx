import { Alert, Button, Code, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { addresses } from '../addresses.ts';
import { useClient } from '../client.ts';
import { useFormat } from '../i18n/use-format.ts';
import { Icon } from '../parts/icon.tsx';
import { AnchorLink } from '../parts/links.tsx';
import { ProblemAlert } from '../parts/problem-alert.tsx';
import { queryKeys } from '../query-keys.ts';

/** Pushes the specification's sample, over HTTP as a sender would, and shows what it was answered. */
export function SamplePush({ sourceId }: { readonly sourceId: string }) {
  const { t } = useTranslation('set-up');
  const client = useClient();
  const queryClient = useQueryClient();
  const format = useFormat();
  const push = useMutation({
    mutationFn: () => client.sources.pushSample(sourceId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: queryKeys.sources }),
  });
  return (
    <Stack gap="xs" align="flex-start">
      <Button variant="default" loading={push.isPending} onClick={() => push.mutate()}>
        {t('sample.act')}
      </Button>
      {push.error && <ProblemAlert error={push.error} />}
      {push.data && (
        <Alert
          role="status"
          color={push.data.status === 200 ? 'teal' : 'red'}
          variant="light"
          icon={<Icon name={push.data.status === 200 ? 'done' : 'bad'} />}
        >
          <Text size="sm">
            {t('sample.answered', {
              status: push.data.status,
              duration: format.milliseconds(push.data.durationMs),
            })}{' '}
            <Code>{push.data.body}</Code>{' '}
            {push.data.status === 200 && (
              <AnchorLink
                to={addresses.call}
                params={{ callId: push.data.callId }}
                inherit
                underline="always"
              >
                {t('sample.look')}
              </AnchorLink>
            )}
          </Text>
        </Alert>
      )}
    </Stack>
  );
}
