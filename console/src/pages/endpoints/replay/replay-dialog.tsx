import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Endpoint } from '../../../../../src/contract/endpoints.ts';
import type { ReplayPreview } from '../../../../../src/contract/replays.ts';
import { useClient } from '../../../client.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { ProblemAlert } from '../../../parts/problem-alert.tsx';
import { useNotice } from '../../../parts/use-notice.tsx';
import { queryKeys } from '../../../query-keys.ts';
import { findReplayFault, firstChoice, toReplayRequest, type ReplayChoice } from './replay-choice.ts';
import { ReplayFields } from './replay-fields.tsx';

export interface ReplayDialogProps {
  readonly endpoint: Endpoint;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function ReplayDialog({ endpoint, isOpen, onClose }: ReplayDialogProps) {
  const { t } = useTranslation('endpoints');
  const { t: tCommon } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="lg"
      title={t('replay.title', { name: endpoint.name })}
      closeButtonProps={{ 'aria-label': tCommon('close') }}
    >
      <ReplayForm endpoint={endpoint} onDone={onClose} />
    </Modal>
  );
}

/** First says how much it would send; sends only what was counted. */
function ReplayForm({ endpoint, onDone }: { readonly endpoint: Endpoint; readonly onDone: () => void }) {
  const { t } = useTranslation('endpoints');
  const client = useClient();
  const queryClient = useQueryClient();
  const notice = useNotice();
  const [choice, setChoice] = useState<ReplayChoice>(firstChoice);
  const [isFaultShown, setFaultShown] = useState(false);
  const fault = findReplayFault(choice);
  const preview = useMutation({
    mutationFn: () => client.endpoints.previewReplay(endpoint.id, toReplayRequest(choice)),
  });
  const start = useMutation({
    mutationFn: () => client.endpoints.replay(endpoint.id, toReplayRequest(choice)),
    onSuccess: async () => {
      notice(() => t('replay.started'));
      onDone();
      await queryClient.invalidateQueries({ queryKey: queryKeys.replays });
    },
  });
  const change = (changed: Partial<ReplayChoice>): void => {
    setChoice({ ...choice, ...changed });
    preview.reset();
  };
  const look = (): void => {
    setFaultShown(true);
    if (!fault) preview.mutate();
  };
  const error = preview.error ?? start.error;
  return (
    <Stack gap="md">
      <Text size="sm">{t('replay.text')}</Text>
      <ReplayFields
        choice={choice}
        onChange={change}
        error={isFaultShown && fault ? t(`replay.fault.${fault}`) : undefined}
      />
      {error && <ProblemAlert error={error} />}
      <div role="status">
        {preview.data && <PreviewText preview={preview.data} batchSize={endpoint.batchSize} />}
      </div>
      <Group gap="xs">
        <Button variant="default" loading={preview.isPending} onClick={look}>
          {t('replay.preview')}
        </Button>
        <Button
          disabled={!preview.data || preview.data.messages === 0}
          loading={start.isPending}
          onClick={() => start.mutate()}
        >
          {t('replay.act')}
        </Button>
      </Group>
    </Stack>
  );
}

interface PreviewTextProps {
  readonly preview: ReplayPreview;
  readonly batchSize: number;
}

function PreviewText({ preview, batchSize }: PreviewTextProps) {
  const { t } = useTranslation('endpoints');
  const format = useFormat();
  const { messages } = preview;
  // A window is cut into batches anew: it is as many as these at least.
  const deliveries = preview.deliveries ?? Math.ceil(messages / batchSize);
  const messageCount = t('messageCount', { count: messages, number: format.number(messages) });
  const deliveryCount = t('deliveryCount', { count: deliveries, number: format.number(deliveries) });
  return (
    <Alert variant="light" color={messages === 0 ? 'gray' : 'sea'}>
      {messages === 0 && t('replay.nothing')}
      {messages > 0 &&
        t(preview.deliveries === undefined ? 'replay.wouldAtLeast' : 'replay.would', {
          messages: messageCount,
          deliveries: deliveryCount,
        })}
    </Alert>
  );
}
