import assert from 'node:assert/strict';
import type { Clock } from '../../domain/clock.js';
import { createAudio } from '../audio/recording-audio.js';
import type { SimulatedCall } from '../call.js';
import { drawDigits, seededRandom } from '../seeded-random.js';
import type { SimulationEvent } from '../simulation-event.js';
import type { SimulationOptions } from '../simulation-options.js';
import type { StorageReport } from '../simulation-report.js';
import type { Wait } from '../wait.js';
import { createBucket } from './bucket.js';
import type { StoredObject } from './bucket.js';
import { createLinkSigner, mintLink } from './link-signer.js';
import { openRecordingStorage } from './recording-storage.js';
import type { StorageAnswer } from './recording-storage.js';

/** The storage's side of a simulation: takes recordings in, hands links out, serves and counts. */
export interface SimulatedStorage {
  readonly url: string;
  put(call: SimulatedCall): void;
  /** The recording of a call that was put here before. */
  get(call: SimulatedCall): StoredObject;
  /** A link to the call's recording, valid from now on. A bearer secret. */
  linkTo(call: SimulatedCall): string;
  report(): StorageReport;
  /** By the stopwatch; when the storage was opened, if nobody has asked for anything yet. */
  lastAnswerAt(): number;
  close(): Promise<void>;
}

export async function openSimulatedStorage(
  options: SimulationOptions,
  seed: number,
  deps: { clock: Clock; stopwatch: () => number; wait: Wait; onEvent: (event: SimulationEvent) => void },
): Promise<SimulatedStorage> {
  const { timeScale } = options;
  const bucket = createBucket(createAudio(seed), { seed, timeScale });
  const random = seededRandom(seed, 'storage');
  const signer = createLinkSigner(`LTAI5t${drawDigits(random, 14)}`, drawDigits(random, 30));
  const statuses: Record<string, number> = {};
  const fetched = new Set<StoredObject>();
  let requests = 0;
  let lastAnswerAt = deps.stopwatch();

  function onAnswer({ status, object, fault, isComplete }: StorageAnswer): void {
    requests += 1;
    statuses[status] = (statuses[status] ?? 0) + 1;
    lastAnswerAt = deps.stopwatch();
    if (isComplete && object !== undefined) fetched.add(object);
    deps.onEvent({
      kind: 'recording',
      status,
      ...(object === undefined ? {} : { callId: object.call.callId }),
      ...(fault === undefined ? {} : { fault }),
      isComplete,
    });
  }

  const server = await openRecordingStorage(
    { host: options.storageHost, port: options.storagePort },
    { bucket, signer, clock: deps.clock, random, wait: deps.wait, onAnswer },
  );
  const origin = (options.storageOrigin ?? server.url).replace(/\/+$/, '');
  return {
    url: server.url,
    put: (call) => {
      bucket.put(call);
    },
    get(call) {
      const object = bucket.get(call.objectKey);
      assert(object, `no recording was made of call ${call.callId}`);
      return object;
    },
    linkTo: (call) => mintLink(call, { origin, signer, timeScale, now: deps.clock() }),
    report: () => ({ url: server.url, requests, statuses: { ...statuses }, fetched: fetched.size }),
    lastAnswerAt: () => lastAnswerAt,
    close: () => server.close(),
  };
}
