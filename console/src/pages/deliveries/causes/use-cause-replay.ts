import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeliveryCauses } from '../../../../../src/contract/service.ts';
import { useClient } from '../../../client.ts';
import { useCancelReplay, useReplays } from '../../../endpoints/use-replays.ts';
import { useNotice } from '../../../parts/use-notice.tsx';
import { queryKeys } from '../../../query-keys.ts';

/** The replay of everything that died of one cause: a job of the server's, which runs whether or not anybody looks. */
export function useCauseReplay({ endpointId, reason }: DeliveryCauses['items'][number]) {
  const { t } = useTranslation('deliveries');
  const client = useClient();
  const queryClient = useQueryClient();
  const notice = useNotice();
  const replays = useReplays(endpointId);
  const running = replays.data?.find(
    (replay) => replay.state === 'running' && replay.kind === 'dead' && replay.reason === reason,
  );
  // Begun here, or seen to run: once it has ended, there is another number of dead deliveries.
  const awaited = useRef<string>(undefined);
  useEffect(() => {
    if (running) awaited.current = running.id;
    const ended = replays.data?.find(({ id, state }) => id === awaited.current && state !== 'running');
    if (!ended) return;
    awaited.current = undefined;
    if (ended.state === 'done') notice(() => t('causes.replayed', { count: ended.deliveries }));
    void queryClient.invalidateQueries({ queryKey: queryKeys.deliveries });
  });
  const start = useMutation({
    mutationFn: () => client.endpoints.replay(endpointId, { reason }),
    onSuccess: ({ id }) => {
      awaited.current = id;
      return queryClient.invalidateQueries({ queryKey: queryKeys.replays });
    },
  });
  const cancel = useCancelReplay();
  return { running, start, cancel, error: start.error ?? cancel.error ?? replays.error };
}
