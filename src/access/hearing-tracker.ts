import type { AuditLogReader } from '../store/audit-log.js';

/** A part of a recording, in seconds from its start. */
export type Stretch = readonly [from: number, to: number];

/** More parts than anybody listens to by intent: beyond, the closest are taken for one. */
const maxStretches = 100;

/** What was heard in all: in order, without overlaps, to tenths of a second, at most 100 stretches. */
export function joinStretches(stretches: readonly Stretch[]): Stretch[] {
  const sorted = stretches
    .map(([from, to]): Stretch => [round(from), round(to)])
    .filter(([from, to]) => to > from)
    .sort(([a], [b]) => a - b);
  const joined: Stretch[] = [];
  for (const [from, to] of sorted) {
    const last = joined.at(-1);
    if (last && from <= last[1]) joined[joined.length - 1] = [last[0], Math.max(last[1], to)];
    else joined.push([from, to]);
  }
  return joined.length <= maxStretches ? joined : closeSmallestGaps(joined);
}

/** How much was heard at least once, in seconds, to tenths. */
export function secondsOf(stretches: readonly Stretch[]): number {
  return round(stretches.reduce((sum, [from, to]) => sum + to - from, 0));
}

function closeSmallestGaps(joined: readonly Stretch[]): Stretch[] {
  const gaps = joined
    .slice(1)
    .map(([from], index) => ({ index, seconds: from - (joined[index]?.[1] ?? from) }));
  const closed = new Set(
    gaps
      .toSorted((a, b) => a.seconds - b.seconds)
      .slice(0, joined.length - maxStretches)
      .map(({ index }) => index),
  );
  const kept: Stretch[] = [];
  for (const [index, [from, to]] of joined.entries()) {
    const last = kept.at(-1);
    if (last && closed.has(index - 1)) kept[kept.length - 1] = [last[0], to];
    else kept.push([from, to]);
  }
  return kept;
}

function round(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

interface Listen {
  readonly actorId: string;
  readonly recordingId: string;
  /** Chosen by the player. */
  readonly listenId: string;
}

/** What has been heard in one listen so far. */
interface Heard {
  readonly seconds: number;
  readonly stretches: readonly Stretch[];
}

/** More listens than go on at once; only there so that the memory is bounded. */
const maxKept = 5_000;
/** Records among which one of the same listen is looked for. */
const lookedAt = 50;

/**
 * How much of each listen the audit log has been told. A listen is told of again when more of it was heard, each time
 * with all of it; what another process was told, or this one before a restart, is read from the log.
 */
export class HearingTracker {
  readonly #told = new Map<string, Heard>();

  constructor(private readonly log: Pick<AuditLogReader, 'list'>) {}

  /** All that was heard, where that is more than was told; undefined where nothing is new. */
  async add(listen: Listen, stretches: readonly Stretch[]): Promise<Heard | undefined> {
    const before = this.#told.get(keyOf(listen)) ?? (await this.#readTold(listen));
    const joined = joinStretches([...(before?.stretches ?? []), ...stretches]);
    const seconds = secondsOf(joined);
    return seconds > (before?.seconds ?? 0) ? { seconds, stretches: joined } : undefined;
  }

  /** Once it is in the log. */
  told(listen: Listen, heard: Heard): void {
    if (this.#told.size >= maxKept) this.#told.clear();
    this.#told.set(keyOf(listen), heard);
  }

  async #readTold({ actorId, recordingId, listenId }: Listen): Promise<Heard | undefined> {
    const { items } = await this.log.list({
      ...{ actorId, action: 'recording.heard', subjectKind: 'recording', subjectId: recordingId },
      limit: lookedAt,
    });
    const last = items.find(({ detail }) => detail?.['listenId'] === listenId)?.detail;
    return last as Heard | undefined;
  }
}

function keyOf({ actorId, recordingId, listenId }: Listen): string {
  return JSON.stringify([actorId, recordingId, listenId]);
}
