import { storageFaults } from '../fault.js';
import type { StorageFault } from '../fault.js';
import { drawWhole, seededRandom } from '../seeded-random.js';

/**
 * What stands between a receiver and a recording.
 *
 *   hindered by A ──A was met often enough──▶ hindered by B ──…──▶ free
 *
 * Each request meets the first hindrance that is left and wears it down by one; at zero the next one is first. A
 * hindrance that heals by itself (a late object appears when its time has come) is dropped once it is due. Nothing
 * comes back, so a receiver that keeps trying always gets the whole recording in the end: only an expired link
 * does not heal, and that is no hindrance but a property of the link.
 */
export interface Hindrances {
  /** The fault that a request at this instant meets, if any. */
  meet(now: number): TransientFault | undefined;
}

export type TransientFault = Exclude<StorageFault, 'expired'>;

interface Hindrance {
  readonly fault: TransientFault;
  readonly healsAt: number;
  left: number;
}

/** Siblings of the protocol warn that a recording may need this long to exist (specification page, section 4). */
const lateObjectMs = 20 * 60_000;

/** A recording is spoiled up to this many times by each of its faults. */
const mostTries = 3;

/** The hindrances of one object made at `madeAt`, in the order in which a storage would show them. */
export function createHindrances(
  faults: readonly StorageFault[],
  context: { seed: number; index: number; madeAt: number; timeScale: number },
): Hindrances {
  const left: Hindrance[] = storageFaults
    .filter((fault) => fault !== 'expired')
    .filter((fault) => faults.includes(fault))
    .map((fault) => ({
      fault,
      left: drawWhole(seededRandom(context.seed, 'tries', fault, context.index), 1, mostTries),
      healsAt: fault === 'late-object' ? context.madeAt + lateObjectMs / context.timeScale : Infinity,
    }));
  return {
    meet(now) {
      for (let first = left[0]; first !== undefined; first = left[0]) {
        if (first.left > 0 && now < first.healsAt) {
          first.left -= 1;
          return first.fault;
        }
        left.shift();
      }
      return undefined;
    },
  };
}
