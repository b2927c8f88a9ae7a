import { exportColumns } from '../../../../src/contract/form-values.ts';
import type { Export } from '../../../../src/contract/exports.ts';
import type { ColumnName } from './columns.tsx';

export const exportsKey = ['exports'] as const;

export type ExportColumn = (typeof exportColumns)[number];

export const isMoving = ({ state }: Export): boolean => state === 'waiting' || state === 'running';

/** What the columns of the page are called in a file. A waveform is for the eye only. */
const columnsOf: Readonly<Record<ColumnName, readonly ExportColumn[]>> = {
  startAt: ['startAt'],
  callId: ['callId'],
  duration: ['durationSeconds'],
  waveform: [],
  state: ['recordingState', 'recordingReason'],
  tags: ['tags'],
  outId: ['outId'],
  taskId: ['taskId'],
  batchId: ['batchId'],
  detailId: ['detailId'],
  endAt: ['endAt'],
  receivedAt: ['firstReceivedAt'],
  flags: ['flags'],
};

/** The columns of a file that says what is shown; always with the callId, by which one finds back. */
export function exportColumnsOf(shown: readonly ColumnName[]): ExportColumn[] {
  const wanted = new Set<ExportColumn>(['callId', ...shown.flatMap((name) => columnsOf[name])]);
  return exportColumns.filter((column) => wanted.has(column));
}
