import type { RecordingFlag } from './flags.js';

/** What is odd about archived audio, by its description and the length that its call was told to have (docs/errors.md). */
export function findRecordingFlags(
  { container, seconds }: { readonly container: string; readonly seconds?: number },
  durationSeconds: number | undefined,
): RecordingFlag[] {
  return [
    ...(isShort(seconds, durationSeconds) ? (['short'] as const) : []),
    ...(seconds === 0 ? (['empty'] as const) : []),
    ...(container === 'unrecognised' ? (['unrecognised'] as const) : []),
  ];
}

/** Audio much shorter than its call: below 0.8 of the duration and by more than 3 s. */
function isShort(seconds: number | undefined, durationSeconds: number | undefined): boolean {
  if (seconds === undefined || durationSeconds === undefined) return false;
  return seconds < 0.8 * durationSeconds && durationSeconds - seconds > 3;
}
