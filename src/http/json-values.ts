import { AppError } from '../domain/errors.js';

type Known<T> = { [Name in keyof T as undefined extends T[Name] ? never : Name]: T[Name] } & {
  [Name in keyof T as undefined extends T[Name] ? Name : never]?: Exclude<T[Name], undefined>;
};

/** Leaves out what is not known: an answer has no member in place of one that is null (interface, “Shapes”). */
export function known<T extends object>(values: T): Known<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Known<T>;
}

// The offset's plus is a space once an unescaped `+08:00` has been through a query string; nothing else
// could be meant by it, so it is read as the plus it was.
const dateTime =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(Z|z|([+\- ])(\d{2}):?(\d{2}))$/;
const example = 'such as 2025-05-22T12:00:00+08:00 or 2025-05-22T04:00:00Z';

/** ISO 8601 in UTC with milliseconds and `Z`. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

export function toInstantWhereKnown(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : toInstant(ms);
}

/**
 * Reads a time parameter: an ISO 8601 date-time with an offset, in ms since the epoch; what is finer than a
 * millisecond is cut off. Throws `parameter-invalid` for anything else. A time without an offset is refused,
 * because the sender's zone, the server's and the caller's are three different ones.
 */
export function parseInstant(name: string, text: string): number {
  const match = dateTime.exec(text);
  if (!match) throw refuse(name, text);
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone = '', sign, hours, minutes] =
    match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const localMs = Date.parse(local);
  // A day that does not exist rolls over into the next month: what comes back is not what was asked.
  if (Number.isNaN(localMs) || new Date(localMs).toISOString() !== local) {
    throw new AppError('parameter-invalid', `\`${name}\` names a date or time that does not exist.`);
  }
  if (/^z$/i.test(zone)) return localMs;
  if (Number(hours) > 23 || Number(minutes) > 59) {
    throw new AppError('parameter-invalid', `\`${name}\` has an offset that does not exist.`);
  }
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? localMs + offsetMs : localMs - offsetMs;
}

function refuse(name: string, text: string): AppError {
  const lacksOffset = /^\d{4}-\d{2}-\d{2}([Tt ][\d:.]+)?$/.test(text);
  const expected = lacksOffset
    ? `needs a time and an offset, because no time zone is assumed: ${example}.`
    : `must be an ISO 8601 date-time with an offset, ${example}.`;
  return new AppError('parameter-invalid', `\`${name}\` ${expected}`);
}
