import type { ExportColumn, ExportLanguage } from '../domain/export-job.js';
import type { Recording } from '../store/recordings.js';
import type { ExportedCall } from './call-pages.js';

/** What a cell holds; an instant is ms since the epoch. */
export type Cell = string | number | InstantCell | undefined;
export interface InstantCell {
  readonly at: number;
}

export function isInstant(cell: Cell): cell is InstantCell {
  return typeof cell === 'object';
}

type CellOf = (call: ExportedCall, recording: Recording | undefined) => Cell;

const cells: Readonly<Record<ExportColumn, CellOf>> = {
  callId: ({ callId }) => callId,
  taskId: ({ taskId }) => taskId,
  detailId: ({ detailId }) => detailId,
  batchId: ({ batchId }) => batchId,
  outId: ({ outId }) => outId,
  startAt: ({ startAt }) => toInstant(startAt),
  endAt: ({ endAt }) => toInstant(endAt),
  durationSeconds: ({ durationSeconds }) => durationSeconds,
  firstReceivedAt: ({ firstReceivedAt }) => toInstant(firstReceivedAt),
  lastReceivedAt: ({ lastReceivedAt }) => toInstant(lastReceivedAt),
  flags: ({ flags }, recording) => toList([...flags, ...(recording?.flags ?? [])]),
  tags: ({ tags }) => toList(tags),
  recordingId: (_, recording) => recording?.id,
  recordingState: (_, recording) => recording?.state,
  recordingReason: (_, recording) => recording?.reason,
  recordingBytes: (_, recording) => recording?.asset?.bytes,
  recordingSeconds: (_, recording) => recording?.asset?.seconds,
  recordingSha256: (_, recording) => recording?.asset?.sha256,
  recordingFileName: (_, recording) => recording?.asset?.fileName,
};

/** A row for each recording of a call; one, with nothing in those columns, where it has none. */
export function toRows(call: ExportedCall, columns: readonly ExportColumn[]): Cell[][] {
  const recordings = call.recordings.length > 0 ? call.recordings : [undefined];
  return recordings.map((recording) => columns.map((column) => cells[column](call, recording)));
}

/** What stands above a column. */
export function headingOf(column: ExportColumn, language: ExportLanguage): string {
  return headings[language][column];
}

const headings: Readonly<Record<ExportLanguage, Readonly<Record<ExportColumn, string>>>> = {
  en: {
    callId: 'Call ID',
    taskId: 'Task ID',
    detailId: 'Detail ID',
    batchId: 'Batch ID',
    outId: 'Own ID',
    startAt: 'Start',
    endAt: 'End',
    durationSeconds: 'Duration (s)',
    firstReceivedAt: 'First received',
    lastReceivedAt: 'Last received',
    flags: 'Flags',
    tags: 'Tags',
    recordingId: 'Recording ID',
    recordingState: 'Recording state',
    recordingReason: 'Recording reason',
    recordingBytes: 'Recording size (bytes)',
    recordingSeconds: 'Recording length (s)',
    recordingSha256: 'Recording SHA-256',
    recordingFileName: 'Recording file',
  },
  'zh-CN': {
    callId: '通话 ID',
    taskId: '任务 ID',
    detailId: '明细 ID',
    batchId: '批次 ID',
    outId: '外部 ID',
    startAt: '开始时间',
    endAt: '结束时间',
    durationSeconds: '通话时长（秒）',
    firstReceivedAt: '首次接收时间',
    lastReceivedAt: '最后接收时间',
    flags: '标记',
    tags: '标签',
    recordingId: '录音 ID',
    recordingState: '录音状态',
    recordingReason: '录音状态原因',
    recordingBytes: '录音大小（字节）',
    recordingSeconds: '录音时长（秒）',
    recordingSha256: '录音 SHA-256',
    recordingFileName: '录音文件',
  },
};

function toInstant(at: number | undefined): InstantCell | undefined {
  return at === undefined ? undefined : { at };
}

/** Neither flags nor tags hold commas. */
function toList(words: readonly string[]): string | undefined {
  return words.length === 0 ? undefined : words.join(', ');
}
