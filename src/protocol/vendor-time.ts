/** Turns the vendor's `yyyy-MM-dd HH:mm:ss` into an instant (ms). Undefined for anything else. */
export type VendorTime = (text: string) => number | undefined;

const form = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;
const offsetStepMs = 15 * 60 * 1000;
const dayMs = 24 * 60 * 60 * 1000;
const maxCachedOffsets = 10_000;

/**
 * The specification names no zone: times are read in `timeZone` (protocol page, section 2: Asia/Shanghai
 * unless configured). Where clocks are set back and a local time comes twice, the first is meant; where
 * they are set forward and it never comes, it is read as if they had not been.
 * @throws RangeError for an unknown zone.
 */
export function createVendorTime(timeZone: string): VendorTime {
  const offsetAt = createZoneOffsets(timeZone);
  return (text) => {
    const match = form.exec(text);
    if (!match) return undefined;
    const local = toUtc(match);
    if (local === undefined) return undefined;
    const before = local - offsetAt(local - dayMs);
    if (before + offsetAt(before) === local) return before;
    const after = local - offsetAt(local + dayMs);
    return after + offsetAt(after) === local ? after : before;
  };
}

/** The written time as if it were UTC; undefined for a date or time that does not exist. */
function toUtc([, year, month, day, hour, minute, second]: RegExpExecArray): number | undefined {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(midnight);
  // Date.UTC rolls 02-30 over into March, and reads years below 100 as 19xx: what does not come back as written was no date.
  const isReal =
    date.getUTCDate() === Number(day) &&
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCFullYear() === Number(year);
  return isReal ? midnight + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000 : undefined;
}

/** The zone's distance from UTC in ms at an instant. Asking Intl costs microseconds, so answers are kept per quarter of an hour: no zone changes within one. */
export function createZoneOffsets(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    era: 'short',
  });
  const cache = new Map<number, number>();
  return (at) => {
    const step = Math.floor(at / offsetStepMs);
    let offset = cache.get(step);
    if (offset === undefined) {
      offset = offsetOf(format, step * offsetStepMs);
      if (cache.size >= maxCachedOffsets) cache.clear();
      cache.set(step, offset);
    }
    return offset;
  };
}

function offsetOf(format: Intl.DateTimeFormat, at: number): number {
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const year = parts['era'] === 'BC' ? 1 - Number(parts['year']) : Number(parts['year']);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(parts['month']) - 1, Number(parts['day']));
  local.setUTCHours(Number(parts['hour']), Number(parts['minute']), Number(parts['second']));
  return local.getTime() - at;
}
