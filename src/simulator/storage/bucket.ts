import type { AudioOfCall, RecordingAudio } from '../audio/recording-audio.js';
import type { SimulatedCall } from '../call.js';
import { storageFaults, type StorageFault } from '../fault.js';
import { drawWhole, seededRandom } from '../seeded-random.js';
import { createHash } from 'node:crypto';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { Crc64 } from '../../protocol/crc64.js';

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
interface Hindrances {
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
function createHindrances(
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

/** A recording in the simulated storage: its bytes are made when read, its digests once, when first asked for. */
export interface StoredObject {
  readonly call: SimulatedCall;
  readonly audio: RecordingAudio;
  readonly hindrances: Hindrances;
  digest(): Promise<ObjectDigest>;
  /** Somebody has received every byte of it. */
  fetched: boolean;
}

export interface Bucket {
  put(call: SimulatedCall): void;
  get(objectKey: string): StoredObject | undefined;
}

export function createBucket(audioOf: AudioOfCall, context: { seed: number; timeScale: number }): Bucket {
  const calls = new Map<string, SimulatedCall>();
  // An object is only made once somebody asks for it: most calls of a large simulation wait here for a while.
  const objects = new Map<string, StoredObject>();
  return {
    put(call) {
      calls.set(call.objectKey, call);
    },
    get(objectKey) {
      const call = calls.get(objectKey);
      const object = objects.get(objectKey) ?? (call && openObject(call, audioOf(call), context));
      if (object !== undefined) objects.set(objectKey, object);
      return object;
    },
  };
}

function openObject(
  call: SimulatedCall,
  audio: RecordingAudio,
  context: { seed: number; timeScale: number },
): StoredObject {
  let digest: Promise<ObjectDigest> | undefined;
  return {
    call,
    audio,
    hindrances: createHindrances(call.storageFaults, { ...context, index: call.index, madeAt: call.endAt }),
    digest: () => (digest ??= digestAudio(audio)),
    fetched: false,
  };
}

interface ObjectDigest {
  /** Decimal CRC-64/XZ. */
  readonly crc64: string;
  readonly md5: Buffer;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** Hashes whole audio; lets others run after every 64 KiB, since the sender's 700 ms tick on the same thread. */
async function digestAudio(audio: RecordingAudio): Promise<ObjectDigest> {
  const crc64 = new Crc64();
  const md5 = createHash('md5');
  const sha256 = createHash('sha256');
  for (const chunk of audio.read()) {
    crc64.update(chunk);
    md5.update(chunk);
    sha256.update(chunk);
    await yieldToOthers();
  }
  return { crc64: crc64.digest(), md5: md5.digest(), sha256: sha256.digest('hex') };
}
