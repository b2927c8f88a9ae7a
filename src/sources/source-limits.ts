import type { Clock } from '../domain/clock.js';
import { createHostFilter, type HostFilter } from '../domain/host-pattern.js';
import type { SourceLimit } from '../domain/source-limit.js';
import { createZoneOffsets } from '../protocol/vendor-time.js';
import type { LimitedSource, SourceDay, SourceLimits } from '../store/sources.js';

const dayMs = 24 * 60 * 60 * 1000;

/** A source has sent what it may in one day, or its recordings have brought that: told once of each day. */
export type OverLimit = { readonly source: string } & Pick<
  SourceLimit,
  'pushBytesPerDay' | 'recordingBytesPerDay'
>;

export interface UsageTrackerParts {
  readonly sourceLimits: Pick<SourceLimits, 'count' | 'days'>;
  readonly limitOf: (source: string) => SourceLimit;
  readonly onOverLimit: (over: OverLimit) => void;
  readonly timeZone: string;
  readonly clock: Clock;
}

/**
 * What each source has sent today, in all processes: what the store said last, and what it does not know of yet. A push is
 * judged by that alone, so that it costs no question to the store and works while that is away; several processes know of
 * each other's within seconds, and may let a source send a little more.
 */
export class UsageTracker {
  readonly #parts: UsageTrackerParts;
  readonly #offsetAt: (at: number) => number;
  #kept = new Map<string, SourceDay>();
  #unkept = new Map<string, SourceDay>();
  #hasAsked = false;
  /** Of these days it was told. */
  readonly #toldOf = new Map<string, number>();

  constructor(parts: UsageTrackerParts) {
    this.#parts = parts;
    this.#offsetAt = createZoneOffsets(parts.timeZone);
  }

  /** Whether the source may send so much more today; it is counted then, until it is given back. */
  take(source: string, bytes: number): boolean {
    const { pushBytesPerDay = Infinity } = this.#parts.limitOf(source);
    const today = this.of(source);
    if (today.pushBytes + bytes <= pushBytesPerDay) {
      this.#add(this.#unkept, { ...today, ...nothing, pushBytes: bytes });
      return true;
    }
    this.#add(this.#unkept, { ...today, ...nothing, refusedPushes: 1 });
    const wasTold = today.refusedPushes > 0 || this.#toldOf.get(source) === today.day;
    this.#toldOf.set(source, today.day);
    if (!wasTold) this.#parts.onOverLimit({ source, pushBytesPerDay });
    return false;
  }

  /** It was taken, and not stored. */
  giveBack(source: string, bytes: number): void {
    this.#add(this.#unkept, { ...this.of(source), ...nothing, pushBytes: -bytes });
  }

  /** A download of one of its recordings has brought so much. */
  brought(source: string, bytes: number): void {
    this.#add(this.#unkept, { ...this.of(source), ...nothing, recordingBytes: bytes });
  }

  of(name: string): SourceDay {
    const { clock } = this.#parts;
    const now = clock();
    const offset = this.#offsetAt(now);
    const day = Math.floor((now + offset) / dayMs) * dayMs - offset;
    const ofToday = [this.#kept.get(name), this.#unkept.get(name)].filter((known) => known?.day === day);
    return ofToday.reduce<SourceDay>((sum, known) => plus(sum, known ?? sum), { name, day, ...nothing });
  }

  /** Brings to the store what it does not know of yet, and asks what others have told. What it refuses is tried again. */
  async flush(): Promise<void> {
    const { sourceLimits } = this.#parts;
    const known = new Map(this.#kept);
    const told = [...this.#unkept.values()];
    if (told.length > 0) {
      this.#unkept = new Map();
      // Counted here until the store says all of it.
      for (const day of told) this.#add(this.#kept, day);
      try {
        await sourceLimits.count(told);
      } catch (error) {
        for (const day of told) {
          this.#add(this.#kept, minus(day));
          this.#add(this.#unkept, day);
        }
        throw error;
      }
    }
    this.#kept = new Map((await sourceLimits.days()).map((day) => [day.name, day]));
    // What was so before this process began has been told.
    if (this.#hasAsked) this.#tellOfRecordings(known);
    this.#hasAsked = true;
  }

  #tellOfRecordings(before: ReadonlyMap<string, SourceDay>): void {
    const { limitOf, onOverLimit } = this.#parts;
    for (const { name, day, recordingBytes } of this.#kept.values()) {
      const { recordingBytesPerDay } = limitOf(name);
      if (recordingBytesPerDay === undefined || recordingBytes < recordingBytesPerDay) continue;
      const known = before.get(name);
      const wasBelow = known?.day !== day || known.recordingBytes < recordingBytesPerDay;
      if (wasBelow) onOverLimit({ source: name, recordingBytesPerDay });
    }
  }

  #add(days: Map<string, SourceDay>, more: SourceDay): void {
    const known = days.get(more.name);
    const isSame = known?.day === more.day;
    // What is left of a day that is over needs no place.
    if (known && !isSame && known.day > more.day) return;
    days.set(more.name, isSame ? plus(known, more) : more);
  }
}

const nothing = { pushBytes: 0, refusedPushes: 0, recordingBytes: 0 };

function plus(day: SourceDay, more: SourceDay): SourceDay {
  return {
    ...day,
    pushBytes: day.pushBytes + more.pushBytes,
    refusedPushes: day.refusedPushes + more.refusedPushes,
    recordingBytes: day.recordingBytes + more.recordingBytes,
  };
}

function minus(day: SourceDay): SourceDay {
  const { pushBytes, refusedPushes, recordingBytes } = day;
  return {
    ...day,
    ...{ pushBytes: -pushBytes, refusedPushes: -refusedPushes, recordingBytes: -recordingBytes },
  };
}

const anyHost: HostFilter = () => true;

/** Where the links of each source may lead to, as the store told it last. */
export class SourceHosts {
  #told = '';
  #filters: ReadonlyMap<string, HostFilter> = new Map();

  of(source: string): HostFilter {
    return this.#filters.get(source) ?? anyHost;
  }

  /** Whether anything has changed. */
  replace(limits: readonly LimitedSource[]): boolean {
    const patterns = limits.flatMap(({ name, recordingHosts }) =>
      recordingHosts ? [[name, recordingHosts] as const] : [],
    );
    const told = JSON.stringify(patterns);
    if (told === this.#told) return false;
    this.#told = told;
    this.#filters = new Map(patterns.map(([name, hosts]) => [name, createHostFilter(hosts)]));
    return true;
  }
}
