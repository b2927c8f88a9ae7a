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
  const objects = new Map<string, StoredObject>();
  return {
    put(call) {
      const audio = audioOf(call);
      let digest: Promise<ObjectDigest> | undefined;
      objects.set(call.objectKey, {
        call,
        audio,
        hindrances: createHindrances(call.storageFaults, {
          ...context,
          index: call.index,
          madeAt: call.endAt,
        }),
        digest: () => (digest ??= digestAudio(audio)),
        fetched: false,
      });
    },
    get: (objectKey) => objects.get(objectKey),
  };
}
