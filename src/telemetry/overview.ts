import type { IntakeSample } from './recent-intake.js';
import type { Clock } from '../domain/clock.js';
import type { HourFigure, Hours } from '../store/hours.js';
import type { RecordingsReader } from '../store/recordings.js';
import { believedAheadMs, type SourceCounts, type Sources } from '../store/sources.js';
import type { FigureBuffer } from './figure-buffer.js';
import type { StorageSpace } from './storage-space.js';

/** What the first page shows beside the status. Instants in ms. */
export interface Overview {
  readonly recent: readonly IntakeSample[];
  /** Pending recordings by whole hours until their deadline. */
  readonly radar: { readonly overdue: number; readonly hours: readonly number[] };
  readonly storage: {
    readonly freeBytes?: number;
    readonly reservedBytes?: number;
    readonly bytesPerDay?: number;
    readonly daysLeft?: number;
  };
  readonly archivedByHour: readonly {
    readonly hour: number;
    readonly recordings: number;
    readonly bytes: number;
  }[];
  readonly lastPushAt?: number;
  /** By source, of those that have pushed. What a clock that was wrong has put into the future is unknown. */
  readonly lastPushes: readonly { readonly source: string; readonly at?: number }[];
}

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;
/** Hours that are shown. */
const shownHours = 48;
/** Days whose pace tells when the disk will be full: a week has its weekend. */
const paceDays = 7;
/** What all of the store must be looked at for is told for so long. */
const keepMs = 10_000;

export interface OverviewParts {
  readonly recentSamples: () => readonly IntakeSample[];
  readonly recordings: Pick<RecordingsReader, 'openByHoursLeft'>;
  readonly hours: Pick<Hours, 'since'>;
  readonly sources: Pick<Sources, 'counts'>;
  readonly figures: Pick<FigureBuffer, 'unkept' | 'unkeptHours'>;
  readonly space: Pick<StorageSpace, 'read'>;
  readonly clock: Clock;
}

/** What the first page shows beside the status: of this process its last hour, of the store the rest. */
export function createOverview(parts: OverviewParts): () => Promise<Overview> {
  const { recordings, hours, sources, figures, space, clock } = parts;
  const radar = lookedUp(() => recordings.openByHoursLeft(clock()), clock);
  const figuresOfWeek = lookedUp(() => hours.since(clock() - paceDays * dayMs), clock);

  return async () => {
    const [radarNow, kept, counts, room] = await Promise.all([
      radar(),
      figuresOfWeek(),
      sources.counts(),
      space.read(),
    ]);
    const now = clock();
    const week = addUp([...kept, ...figures.unkeptHours()]);
    const lastPushes = toLastPushes([...counts, ...figures.unkept()], now);
    const instants = lastPushes.flatMap(({ at }) => (at === undefined ? [] : [at]));
    return {
      recent: parts.recentSamples(),
      radar: radarNow,
      storage: toStorage(week, room.freeBytes, now, room.reservedBytes),
      archivedByHour: toArchivedByHour(week, now),
      lastPushes,
      ...(instants.length === 0 ? {} : { lastPushAt: Math.max(...instants) }),
    };
  };
}

/** An instant that is still to come was told by a clock that was wrong: believed, it would hide any silence until then. */
export function toLastPushes(counts: readonly SourceCounts[], now: number): Overview['lastPushes'] {
  const bySource = new Map<string, number | undefined>();
  for (const { name, lastPushAt } of counts) {
    const before = bySource.get(name);
    const isBelieved = lastPushAt <= now + believedAheadMs && (before === undefined || lastPushAt > before);
    bySource.set(name, isBelieved ? lastPushAt : before);
  }
  return [...bySource].map(([source, at]) => (at === undefined ? { source } : { source, at }));
}

/**
 * Days until archiving stops, at the pace of what was archived since the first hour that is known, of the last seven days;
 * once that is a day ago.
 */
export function toStorage(
  week: readonly HourFigure[],
  freeBytes: number | undefined,
  now: number,
  reservedBytes?: number,
): Overview['storage'] {
  const free = {
    ...(freeBytes === undefined ? {} : { freeBytes }),
    ...(reservedBytes === undefined ? {} : { reservedBytes }),
  };
  const archived = week.filter(({ name }) => name === 'archivedBytes');
  const first = archived[0];
  const span = first === undefined ? 0 : now - first.hour;
  // A pace of less than a day is none: the first recordings of a morning would fill every disk by noon.
  if (span < dayMs) return free;
  const bytesPerDay = Math.round((sumOf(archived) / span) * dayMs);
  if (freeBytes === undefined || bytesPerDay === 0) return { ...free, bytesPerDay };
  const days = Math.max(0, freeBytes - (reservedBytes ?? 0)) / bytesPerDay;
  return { ...free, bytesPerDay, daysLeft: Math.round(days * 10) / 10 };
}

function toArchivedByHour(week: readonly HourFigure[], now: number): Overview['archivedByHour'] {
  const byHour = new Map<number, { hour: number; recordings: number; bytes: number }>();
  for (const { hour, name, value } of week) {
    if (hour <= now - shownHours * hourMs || value === 0) continue;
    const told = byHour.get(hour) ?? { hour, recordings: 0, bytes: 0 };
    if (name === 'archivedRecordings') byHour.set(hour, { ...told, recordings: value });
    if (name === 'archivedBytes') byHour.set(hour, { ...told, bytes: value });
  }
  return [...byHour.values()].sort((a, b) => a.hour - b.hour);
}

/** One figure of each name and hour, ascending: what is kept, and what this process will keep in a moment. */
function addUp(figures: readonly HourFigure[]): HourFigure[] {
  const sums = new Map<string, HourFigure>();
  for (const figure of figures) {
    const key = `${figure.hour} ${figure.name}`;
    sums.set(key, { ...figure, value: figure.value + (sums.get(key)?.value ?? 0) });
  }
  return [...sums.values()].sort((a, b) => a.hour - b.hour);
}

function sumOf(figures: readonly HourFigure[]): number {
  return figures.reduce((sum, { value }) => sum + value, 0);
}

/** Answers with what was read last while that is fresh, and reads once for all who ask at a time. */
function lookedUp<T>(read: () => Promise<T>, clock: Clock): () => Promise<T> {
  let reading: Promise<T> | undefined;
  let readAt = -Infinity;
  return () => {
    const now = clock();
    if (reading && now - readAt < keepMs && now >= readAt) return reading;
    readAt = now;
    const fresh = read();
    fresh.catch(() => {
      if (reading === fresh) reading = undefined;
    });
    return (reading = fresh);
  };
}
