import type { Language } from './languages.ts';

const binarySteps = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const relativeSteps = [
  { unit: 'second', seconds: 1, below: 60 },
  { unit: 'minute', seconds: 60, below: 60 },
  { unit: 'hour', seconds: 3600, below: 48 },
  { unit: 'day', seconds: 86_400, below: 60 },
] as const;

/** Numbers, sizes and times as the reader of a language expects them; times in the zone of the browser. */
export function createFormat(language: Language) {
  // Intl's formats are slow to make: each when it is first needed.
  const number = once(() => new Intl.NumberFormat(language));
  const percent = once(() => new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }));
  const date = once(() => new Intl.DateTimeFormat(language, { dateStyle: 'medium' }));
  const dateAndTime = once(
    () => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }),
  );
  const time = once(() => new Intl.DateTimeFormat(language, { timeStyle: 'medium' }));
  const relative = once(() => new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' }));
  return {
    number: (value: number, digits?: number) =>
      digits === undefined
        ? number().format(value)
        : new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value),
    /** `share` from 0 to 1. */
    percent: (share: number) => percent().format(share),
    date: (instant: string | number) => date().format(new Date(instant)),
    dateAndTime: (instant: string | number) => dateAndTime().format(new Date(instant)),
    time: (instant: string | number) => time().format(new Date(instant)),
    /** How far `instant` lies from `now` (both ms), as in "3 min ago" or "in 5 hr"; its date where that says more. */
    relative: (instantMs: number, nowMs: number) => {
      const seconds = (instantMs - nowMs) / 1000;
      const step = relativeSteps.find((each) => Math.abs(seconds) / each.seconds < each.below);
      if (!step) return date().format(new Date(instantMs));
      return relative().format(Math.trunc(seconds / step.seconds), step.unit);
    },
    /** Powers of 1024, by the names that people use for them. */
    bytes: (bytes: number) => {
      const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), binarySteps.length - 1);
      return new Intl.NumberFormat(language, {
        style: 'unit',
        unit: binarySteps[power]!,
        unitDisplay: power === 0 ? 'long' : 'short',
        maximumFractionDigits: power === 0 ? 0 : 1,
      }).format(bytes / 1024 ** power);
    },
    milliseconds: (ms: number) =>
      new Intl.NumberFormat(language, {
        style: 'unit',
        unit: 'millisecond',
        unitDisplay: 'short',
        maximumFractionDigits: ms < 10 ? 1 : 0,
      }).format(ms),
  };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export type Format = ReturnType<typeof createFormat>;

/** As a player shows it: 2:05, 1:02:05. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (part: number): string => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
