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
