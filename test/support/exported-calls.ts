import type { ExportedCall } from '../../src/export/call-pages.js';
import type { Recording } from '../../src/store/recordings.js';

const startAt = Date.UTC(2025, 4, 22, 4, 29, 20);

/** A call as an export reads it. */
export function call(callId: string, more: Partial<ExportedCall> = {}): ExportedCall {
  return {
    callId,
    taskId: '118',
    startTime: '2025-05-22 12:29:20',
    startAt,
    durationSeconds: 125,
    flags: ['link-unusable'],
    tags: ['angry', 'to be checked'],
    recordings: [],
    at: startAt,
    firstReceivedAt: startAt + 200_000,
    lastReceivedAt: startAt + 300_000,
    ...more,
  };
}

export function recording(id: string, more: Partial<Recording> = {}): Recording {
  return {
    id,
    callId: '1^1',
    state: 'archived',
    host: 'h',
    path: '/1.wav',
    deadlineAt: startAt,
    attempts: 1,
    flags: ['short'],
    asset: {
      bytes: 1000,
      sha256: 'a'.repeat(64),
      container: 'wav',
      seconds: 124.5,
      archivedAt: startAt,
      fileName: `2025-05-22/1_1-${id}.wav`,
    },
    ...more,
  };
}

/** Pages of two. */
export async function* pagesOf(
  calls: readonly ExportedCall[],
): AsyncGenerator<readonly ExportedCall[], void, undefined> {
  for (let at = 0; at < calls.length; at += 2) yield await Promise.resolve(calls.slice(at, at + 2));
}
