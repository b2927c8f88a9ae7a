/**
 * An export, made in the background.
 *
 *   waiting ──▶ running ──▶ done ──▶ expired      its file is deleted after some days
 *      │           ├──────▶ failed
 *      └───────────┴──────▶ cancelled
 *
 * It runs under a lease: of a process that died it is free again, and begins anew.
 */
export const jobStates = ['waiting', 'running', 'done', 'failed', 'cancelled', 'expired'] as const;
export type JobState = (typeof jobStates)[number];

export const exportFormats = ['csv', 'jsonl', 'xlsx', 'zip'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Columns of a table of calls, in their order: a row for each recording, or one where a call has none. */
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
] as const;
export type ExportColumn = (typeof exportColumns)[number];

/** Of the headings. */
export const exportLanguages = ['en', 'zh-CN'] as const;
export type ExportLanguage = (typeof exportLanguages)[number];

/** Where exports lie in a storage, beside recordings. */
export const exportsFolder = 'exports';

/** What a download is called: `earshot-calls-2025-05-22-0412Z.csv`. */
export function toExportName({ format, createdAt }: ExportNaming): string {
  const [day, time = ''] = new Date(createdAt).toISOString().split('T');
  const what = format === 'zip' ? 'recordings' : 'calls';
  return `earshot-${what}-${day}-${time.slice(0, 5).replace(':', '')}Z.${format}`;
}

interface ExportNaming {
  readonly format: ExportFormat;
  readonly createdAt: number;
}
