import { Stack } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client.ts';
import { AcknowledgeButton } from '../../parts/acknowledge-button.tsx';
import { AnswerState } from '../../parts/answer-state.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { LoadMore } from '../../parts/load-more.tsx';
import { queryKeys } from '../../query-keys.ts';
import { useMay } from '../../session/use-session.ts';
import { RecordingTable } from './recording-table.tsx';
import type { ListedState } from './recordings-search.ts';
import { RetryBar } from './retry-bar.tsx';

/** While only the first page is shown. */
const refreshMs = 5_000;

interface RecordingListProps {
  readonly state: ListedState;
  /** Those too whose loss was acknowledged. */
  readonly isAll: boolean;
}

export function RecordingList({ state, isAll }: RecordingListProps) {
  const { t } = useTranslation('recordings');
  const client = useClient();
  const queryClient = useQueryClient();
  const mayRetry = useMay('operate') && state !== 'archived';
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const list = useInfiniteQuery({
    queryKey: [...queryKeys.recordings, 'list', state, isAll],
    queryFn: ({ pageParam: cursor }) =>
      client.recordings.list({
        state,
        ...(state === 'lost' && !isAll && { acknowledged: 'no' }),
        ...(cursor !== undefined && { cursor }),
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    refetchInterval: (query) => ((query.state.data?.pages.length ?? 0) > 1 ? false : refreshMs),
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const chosen = items.filter(({ id }) => selected.has(id));
  const refresh = () => queryClient.invalidateQueries({ queryKey: queryKeys.recordings });
  return (
    <Stack gap="sm">
      <AnswerState of={list} />
      {/* Stays while it runs: what was retried leaves the list meanwhile. */}
      {mayRetry && list.data !== undefined && (
        <RetryBar selected={chosen} onDone={() => setSelected(new Set())}>
          {state === 'lost' && (
            <AcknowledgeButton
              count={chosen.length}
              isDisabled={chosen.length === 0}
              onAcknowledge={async (reason) => {
                for (const { id } of chosen) await client.recordings.acknowledge(id, { reason });
                setSelected(new Set());
              }}
              onDone={refresh}
            />
          )}
        </RetryBar>
      )}
      {list.data !== undefined && items.length === 0 && (
        <EmptyState icon={state === 'archived' ? 'calls' : 'done'} title={t(`empty.${state}`)} />
      )}
      {items.length > 0 && (
        <>
          <RecordingTable
            recordings={items}
            {...(mayRetry && { selection: { selected, onChange: setSelected } })}
          />
          <LoadMore pages={list} />
        </>
      )}
    </Stack>
  );
}
