import { useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { addresses } from '../../addresses.ts';
import type { CallsSearch } from './calls-search.ts';
import { columnNames, defaultColumns, type ColumnName } from './columns.tsx';

const storageKey = 'earshot-call-columns';

/** Of the address, or else those chosen the last time in this browser, or else ours. */
export function useShownColumns(search: CallsSearch): {
  readonly shown: readonly ColumnName[];
  readonly choose: (names: readonly ColumnName[]) => void;
} {
  const navigate = useNavigate({ from: addresses.calls });
  const ofAddress = search.columns;
  const shown = useMemo(
    () => read(ofAddress) ?? read(localStorage.getItem(storageKey)) ?? defaultColumns,
    [ofAddress],
  );
  const choose = useCallback(
    (names: readonly ColumnName[]) => {
      localStorage.setItem(storageKey, names.join());
      const columns = columnNames.filter((name) => names.includes(name)).join();
      void navigate({ to: addresses.calls, search: (before) => ({ ...before, columns }), replace: true });
    },
    [navigate],
  );
  return { shown, choose };
}

function read(text: string | null | undefined): ColumnName[] | undefined {
  const wanted = new Set(text?.split(','));
  const names = columnNames.filter((name) => wanted.has(name));
  return names.length > 0 ? names : undefined;
}
