/** Audio much shorter than its call: below 0.8 of the duration and by more than 3 s (`short`, docs/errors.md). */
export function isShort(seconds: number | undefined, durationSeconds: number | undefined): boolean {
  if (seconds === undefined || durationSeconds === undefined) return false;
  return seconds < 0.8 * durationSeconds && durationSeconds - seconds > 3;
}
