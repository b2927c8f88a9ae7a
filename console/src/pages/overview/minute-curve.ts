import type { Overview } from '../../../../src/contract/service.ts';

/** Samples in a minute: the server makes one for each ten seconds. */
const perMinute = 6;
/** The samples are those of an hour. */
export const hourMs = 60 * 60 * 1000;

export interface MinuteCurve {
  readonly instantsMs: readonly number[];
  /** Of the minute that ends there. */
  readonly pushes: readonly number[];
  readonly messages: readonly number[];
  readonly ackP50Ms: readonly (number | undefined)[];
  readonly ackP99Ms: readonly (number | undefined)[];
}

/** What came in the minute before each sample: smoother than ten seconds, and in the unit of the figures. */
export function toMinuteCurve(recent: Overview['recent']): MinuteCurve {
  const sumUpTo = (index: number, of: 'pushes' | 'messages'): number =>
    recent.slice(Math.max(0, index - perMinute + 1), index + 1).reduce((sum, sample) => sum + sample[of], 0);
  return {
    instantsMs: recent.map(({ at }) => Date.parse(at)),
    pushes: recent.map((_, index) => sumUpTo(index, 'pushes')),
    messages: recent.map((_, index) => sumUpTo(index, 'messages')),
    ackP50Ms: recent.map(({ ackP50Ms }) => ackP50Ms),
    ackP99Ms: recent.map(({ ackP99Ms }) => ackP99Ms),
  };
}
