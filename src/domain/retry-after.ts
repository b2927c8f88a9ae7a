/** `Retry-After` in ms: seconds, or a date; undefined where it is neither, or lies in the past. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  const waitMs = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return waitMs > 0 ? waitMs : undefined;
}
