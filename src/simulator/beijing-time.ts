const beijingOffsetMs = 8 * 3_600_000;

/** An instant as the vendor writes it: `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai, which has had no summer time since 1991. */
export function toBeijingTime(at: number): string {
  return new Date(at + beijingOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** The day in Asia/Shanghai as `yyyyMMdd`. */
export function toBeijingDay(at: number): string {
  return toBeijingTime(at).slice(0, 10).replaceAll('-', '');
}
