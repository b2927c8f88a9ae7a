import type * as wire from '../contract/service.js';
import { toInstant, toInstantWhereKnown } from './instant.js';
import { known } from './known.js';
import type { IntakeSample } from './recent-hour.js';

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

export function toOverviewJson({
  recent,
  radar,
  storage,
  archivedByHour,
  lastPushAt,
}: Overview): wire.Overview {
  return known({
    recent: recent.map((sample) => ({ ...sample, at: toInstant(sample.at) })),
    radar: { overdue: radar.overdue, hours: [...radar.hours] },
    storage: { ...storage },
    archivedByHour: archivedByHour.map(({ hour, recordings, bytes }) => ({
      hour: toInstant(hour),
      recordings,
      bytes,
    })),
    lastPushAt: toInstantWhereKnown(lastPushAt),
  });
}
