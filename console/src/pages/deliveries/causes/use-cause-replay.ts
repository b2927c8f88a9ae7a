import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../../client.ts';
import { useNotice } from '../../../parts/use-notice.ts';
import { queryKeys } from '../../../query-keys.ts';
import { replayCause, type Cause } from './replay-cause.ts';

/** A replay of everything that died of one cause; it ends with the page that it was begun on. */
export function useCauseReplay(cause: Cause) {
  const { t } = useTranslation('deliveries');
  const client = useClient();
  const queryClient = useQueryClient();
  const notice = useNotice();
  const [done, setDone] = useState(0);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const replay = useMutation({
    mutationFn: () => {
      stop.current = new AbortController();
      setDone(0);
      return replayCause(client.deliveries, cause, { signal: stop.current.signal, onDone: setDone });
    },
    onSuccess: (count) => {
      notice(t('causes.replayed', { count }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: queryKeys.deliveries }),
  });
  return {
    done,
    isRunning: replay.isPending,
    error: replay.error,
    start: () => replay.mutate(),
    stop: () => stop.current?.abort(),
  };
}
