import type { Status } from '../../../src/contract/status.ts';

/** Of an endpoint's latest attempts: when fewer than half succeed, something is wrong with it. */
const leastSuccess = 0.5;

export type Standing = Pick<Status['endpoints'][number], 'state' | 'dead' | 'successRate'>;

/** Whether pushes mostly fail although the endpoint is served. */
export function isRefusing({ state, successRate }: Standing): boolean {
  return state === 'active' && successRate !== undefined && successRate < leastSuccess;
}

/** An endpoint that is served, and to which things do not get through, is not in order. */
export function shownState(standing: Standing): Standing['state'] | 'troubled' {
  const { state, dead } = standing;
  return state === 'active' && (dead > 0 || isRefusing(standing)) ? 'troubled' : state;
}
