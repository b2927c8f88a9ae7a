/** Documented words for what was odd about a message that was kept all the same. */
export const callFlags = [
  'time-unreadable',
  'duration-unreadable',
  'link-unusable',
  'link-respelt',
  'deadline-doubted',
] as const;
export type CallFlag = (typeof callFlags)[number];

/** The same for archived audio. Stores keep the place of each as a bit: append, never reorder. */
export const recordingFlags = ['short', 'empty', 'unrecognised'] as const;
export type RecordingFlag = (typeof recordingFlags)[number];

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
