import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordingDetail } from '../../../../src/contract/recordings.ts';
import { useClient } from '../../client.ts';
import { AcknowledgeButton } from '../../parts/acknowledge-button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { useNowMs } from '../../parts/use-now-ms.ts';
import { ProblemAlert } from '../../parts/problem-alert.tsx';
import { historyKey } from './history-query.ts';
import { recordingKey } from './recording-query.ts';

/** Try again now, acknowledge, and delete: all are the operator's. */
export function RecordingActs({ recording }: { readonly recording: RecordingDetail }) {
  const { t } = useTranslation('call');
  const client = useClient();
  const queryClient = useQueryClient();
  const [isLeaving, setLeaving] = useState(false);
  const isArchived = recording.state === 'archived';
  const nowMs = useNowMs();
  // What was published here has no link to fetch it from again. Of archived audio the server reads the bytes first.
  const isFetchable =
    recording.host !== 'earshot' && (!isArchived || Date.parse(recording.deadlineAt) > nowMs);
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: recordingKey(recording.id) }),
      queryClient.invalidateQueries({ queryKey: historyKey(recording.callId) }),
    ]);
  const retry = useMutation({
    mutationFn: () => client.recordings.retry(recording.id),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: () => client.recordings.remove(recording.id),
    onSuccess: async () => {
      await refresh();
      setLeaving(false);
    },
  });
  return (
    <>
      {retry.error && <ProblemAlert error={retry.error} />}
      {isFetchable && (
        <Button variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
          {t(isArchived ? 'checkAndRepair' : 'retry')}
        </Button>
      )}
      {recording.state === 'lost' && !recording.acknowledged && (
        <AcknowledgeButton
          count={1}
          onAcknowledge={(reason) => client.recordings.acknowledge(recording.id, { reason })}
          onDone={refresh}
        />
      )}
      {isArchived && (
        <Button variant="default" onClick={() => setLeaving(true)}>
          {t('delete.open')}
        </Button>
      )}
      <ConfirmDialog
        isOpen={isLeaving}
        title={t('delete.title')}
        act={t('delete.act')}
        isDangerous
        isRunning={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={() => setLeaving(false)}
      >
        {t('delete.text')}
      </ConfirmDialog>
    </>
  );
}
