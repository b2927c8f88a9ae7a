import type { AudioOfCall, RecordingAudio } from '../audio/recording-audio.js';
import type { SimulatedCall } from '../call.js';
import { createHindrances } from './hindrance.js';
import type { Hindrances } from './hindrance.js';
import { digestAudio } from './object-digest.js';
import type { ObjectDigest } from './object-digest.js';

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
