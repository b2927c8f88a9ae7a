import type { TFunction } from 'i18next';
import { createContext, use } from 'react';
import type { Call } from '../../../../src/contract/calls.ts';
import type { WaveformStore } from './waveform-store.ts';

/** What the cells of all rows share: while one scrolls, a hook in each of hundreds of cells is felt. */
export interface Rows {
  readonly store: WaveformStore;
  /** Absent for who may not listen. */
  readonly play: ((call: Call) => void) | undefined;
  readonly open: (callId: string) => void;
  readonly t: TFunction<'calls'>;
}

export const RowsContext = createContext<Rows | undefined>(undefined);

export function useRows(): Rows {
  const rows = use(RowsContext);
  if (!rows) throw new Error('RowsContext is missing.');
  return rows;
}
