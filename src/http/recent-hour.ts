import type { Clock } from '../domain/clock.js';
import { addTime, newTimeBuckets, roundMs, timeOfRank, type TimeBuckets } from './time-buckets.js';

const stretchMs = 10_000;
const maxStretches = 360;

/** What happened in one stretch of ten seconds. */
export interface IntakeSample {
  /** Its end, in ms. */
  readonly at: number;
  readonly pushes: number;
  readonly messages: number;
  /** Of acknowledgements; absent where there was none. */
  readonly ackP50Ms?: number;
  readonly ackP99Ms?: number;
}

export interface RecentHour {
  /** A push was acknowledged within `ms`. */
  pushed(ms: number): void;
  sorted(messages: number): void;
  /** Every stretch that is over, of the last hour and since the beginning, oldest first. */
  read(): IntakeSample[];
}

interface Stretch {
  pushes: number;
  messages: number;
  readonly times: TimeBuckets;
}

/** The last hour for a curve. A stretch becomes a few numbers once it is over, so an hour costs some kilobytes. */
export function createRecentHour(clock: Clock): RecentHour {
  const samples: IntakeSample[] = [];
  const times = newTimeBuckets();
  const current: Stretch = { pushes: 0, messages: 0, times };
  let period = periodOf(clock());

  /** Ends the stretches that are over; those in which nothing happened are samples, too. */
  function goOn(): void {
    const now = periodOf(clock());
    // A clock that was set back goes on in the stretch that it had come to.
    if (now <= period) return;
    samples.push(toSample(current, period));
    clear(current);
    // After a pause of more than the hour there is nothing to tell of what came before it.
    for (let over = Math.max(period + 1, now - maxStretches); over < now; over++) {
      samples.push({ at: (over + 1) * stretchMs, pushes: 0, messages: 0 });
    }
    samples.splice(0, samples.length - maxStretches);
    period = now;
  }

  return {
    pushed(ms) {
      goOn();
      current.pushes++;
      addTime(times, ms);
    },
    sorted(messages) {
      goOn();
      current.messages += messages;
    },
    read() {
      goOn();
      return [...samples];
    },
  };
}

function periodOf(at: number): number {
  return Math.floor(at / stretchMs);
}

function toSample({ pushes, messages, times }: Stretch, period: number): IntakeSample {
  const percentile = (share: number) => roundMs(timeOfRank([times], Math.ceil(pushes * share)));
  return {
    ...{ at: (period + 1) * stretchMs, pushes, messages },
    ...(pushes === 0 ? {} : { ackP50Ms: percentile(0.5), ackP99Ms: percentile(0.99) }),
  };
}

function clear(stretch: Stretch): void {
  stretch.pushes = 0;
  stretch.messages = 0;
  stretch.times.fill(0);
}
