import type { Random } from '../domain/clock.js';
import { storageFaults } from './fault.js';
import type { StorageFault } from './fault.js';
import { drawDigits, drawNormal, drawOne, drawWhole, seededRandom } from './seeded-random.js';
import type { LinkVersion, SimulationOptions } from './simulation-options.js';

/** One made-up call: everything about it follows from seed and index, but for its times, which follow the clock. */
export interface SimulatedCall {
  readonly index: number;
  readonly callId: string;
  readonly taskId: string;
  readonly detailId: string;
  readonly batchId: string;
  readonly outId?: string;
  readonly startAt: number;
  readonly endAt: number;
  /** Whole seconds talked; the recording is this long. End − start is a little more, as in the specification's sample. */
  readonly durationSeconds: number;
  readonly codec: 'alaw' | 'pcm';
  readonly channels: 1 | 2;
  readonly linkVersion: LinkVersion;
  /** Name of the recording in its bucket, not encoded. */
  readonly objectKey: string;
  readonly storageFaults: readonly StorageFault[];
  readonly hasReport: boolean;
  readonly hasNote: boolean;
}

const callsPerTask = 200;
const callsPerImport = 50;
const medianSeconds = 75;
const spreadOfSeconds = 0.9;

/** The call `index` of a simulation, hung up at `endAt`. */
export function makeCall(
  options: SimulationOptions,
  seed: number,
  index: number,
  endAt: number,
): SimulatedCall {
  const random = seededRandom(seed, 'call', index);
  const callId = `${drawDigits(random, 12)}^${drawDigits(random, 12)}`;
  const detailId = drawDigits(random, 18);
  const outId = random() < 0.9 ? drawDigits(random, 6) : undefined;
  const durationSeconds = drawSeconds(random, options);
  const setUpSeconds = drawWhole(random, 0, 9);
  const task = seededRandom(seed, 'task', Math.floor(index / callsPerTask));
  const batch = seededRandom(seed, 'import', Math.floor(index / callsPerImport));
  const day = toBeijingDay(endAt);
  return {
    index,
    callId,
    taskId: drawDigits(task, 18),
    detailId,
    batchId: `B${day}${drawDigits(batch, 9)}`,
    ...(outId === undefined ? {} : { outId }),
    startAt: endAt - (durationSeconds + setUpSeconds) * 1000,
    endAt,
    durationSeconds,
    codec: options.codec === 'mixed' ? drawOne(random, ['alaw', 'pcm'] as const) : options.codec,
    channels: options.channels === 'mixed' ? drawOne(random, [1, 2] as const) : options.channels,
    linkVersion: drawOne(random, options.linkVersions),
    objectKey: `${day}/${callId}_record.wav`,
    storageFaults: drawStorageFaults(seed, index, options),
    hasReport: random() < options.reportShare,
    hasNote: random() < options.noteShare,
  };
}

/** Call lengths are log-normal: many short ones, a few very long. */
function drawSeconds(random: Random, options: SimulationOptions): number {
  const seconds = Math.round(medianSeconds * Math.exp(spreadOfSeconds * drawNormal(random)));
  return Math.max(1, Math.round(Math.min(Math.max(seconds, options.minCallSeconds), options.maxCallSeconds)));
}

/** Each fault has a stream of its own: turning one on leaves the others where they were. */
function drawStorageFaults(seed: number, index: number, options: SimulationOptions): StorageFault[] {
  return storageFaults.filter((fault) => seededRandom(seed, fault, index)() < (options.faults[fault] ?? 0));
}

const beijingOffsetMs = 8 * 3_600_000;

/** An instant as the vendor writes it: `yyyy-MM-dd HH:mm:ss` in Asia/Shanghai, which has had no summer time since 1991. */
export function toBeijingTime(at: number): string {
  return new Date(at + beijingOffsetMs).toISOString().slice(0, 19).replace('T', ' ');
}

/** The day in Asia/Shanghai as `yyyyMMdd`. */
function toBeijingDay(at: number): string {
  return toBeijingTime(at).slice(0, 10).replaceAll('-', '');
}
