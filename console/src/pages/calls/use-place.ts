import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { CallFilter } from './calls-search.ts';

interface Kept {
  readonly offset: number;
  readonly selected: string | undefined;
}

export interface Place {
  /** Names the list that it is a place in. */
  readonly key: string;
  readonly selected: string | undefined;
  readonly initialOffset: number;
  readonly select: (callId: string) => void;
  readonly keepOffset: (offset: number) => void;
}

/** Which call is chosen and where the list stands, kept beside the list, so that whoever comes back finds both. */
export function usePlace(filter: CallFilter): Place {
  const queryClient = useQueryClient();
  const key = JSON.stringify(filter);
  const queryKey = useMemo(() => ['calls', 'place', key], [key]);
  const before = queryClient.getQueryData<Kept>(queryKey);
  const [chosen, setChosen] = useState<{ key: string; callId: string }>();
  const keep = useCallback(
    (part: Partial<Kept>) =>
      queryClient.setQueryData<Kept>(queryKey, (kept) => ({
        offset: 0,
        selected: undefined,
        ...kept,
        ...part,
      })),
    [queryClient, queryKey],
  );
  const select = useCallback(
    (callId: string) => {
      setChosen({ key, callId });
      keep({ selected: callId });
    },
    [key, keep],
  );
  // Kept when the list is left: while it scrolls there is no time for that.
  const offset = useRef<number>(undefined);
  const keepOffset = useCallback((latest: number) => {
    offset.current = latest;
  }, []);
  useEffect(
    () => () => {
      if (offset.current !== undefined) keep({ offset: offset.current });
      offset.current = undefined;
    },
    [keep],
  );
  return {
    key,
    selected: chosen?.key === key ? chosen.callId : before?.selected,
    initialOffset: before?.offset ?? 0,
    select,
    keepOffset,
  };
}
