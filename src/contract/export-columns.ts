import type { ExportColumn } from '../domain/export-job.js';

/** Columns of a table of calls, in their order. Apart from the schemas, as password-length.ts is. */
export const exportColumns = [
  'callId',
  'taskId',
  'detailId',
  'batchId',
  'outId',
  'startAt',
  'endAt',
  'durationSeconds',
  'firstReceivedAt',
  'lastReceivedAt',
  'flags',
  'tags',
  'recordingId',
  'recordingState',
  'recordingReason',
  'recordingBytes',
  'recordingSeconds',
  'recordingSha256',
  'recordingFileName',
] as const satisfies readonly ExportColumn[];
