import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { QuarantineDetail } from '../../../../../src/contract/quarantine.ts';
import { useClient } from '../../../client.ts';
import { queryKeys } from '../../../query-keys.ts';
import { fromBase64, readText } from '../body/body-text.ts';
import { findCallIds } from './call-ids.ts';
import type { Retried } from './retry-result.tsx';

/** Sorts an item again, with the given body (base64) in place of what was received. */
export function useRetry(item: QuarantineDetail, onRetried: (retried: Retried) => void) {
  const client = useClient();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: string) => client.quarantine.retry(item.id, body === item.body ? undefined : body),
    onSuccess: (result, body) => {
      onRetried({ ...result, callIds: findCallIds(readText(fromBase64(body)).text ?? '') });
      void queryClient.invalidateQueries({ queryKey: [...queryKeys.quarantine, 'list'] });
    },
  });
}
