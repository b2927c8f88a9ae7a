/** Documented words for what was odd about a message that was kept all the same. */
export const callFlags = [
  'time-unreadable',
  'duration-unreadable',
  'link-unusable',
  'link-respelt',
  'deadline-doubted',
] as const;
export type CallFlag = (typeof callFlags)[number];

export const recordingFlags = ['short'] as const;
export type RecordingFlag = (typeof recordingFlags)[number];
