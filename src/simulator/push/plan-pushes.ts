import type { Random } from '../../domain/clock.js';
import type { SimulatedCall } from '../call.js';
import { countFault, pushFaults } from '../fault.js';
import type { FaultCounts, PushFault } from '../fault.js';
import { callNoteText, callRecordText, callReportText } from '../message-text.js';
import { drawOne, seededRandom, shuffled } from '../seeded-random.js';
import type { SimulationOptions } from '../simulation-options.js';
import { makeShapeOdd, makeTextsOdd, oddities } from './odd-body.js';
import { plainBody } from './push-body.js';
import type { OutgoingMessage, PushBody } from './push-body.js';

export interface PlannedPush extends PushBody {
  /** How long after its batch was due it goes out. */
  readonly delayMs: number;
}

export interface PushPlanner {
  /** The pushes that batch `batchIndex` of calls becomes, faults included. To be asked in order, each batch once. */
  plan(batchIndex: number, calls: readonly SimulatedCall[]): PlannedPush[];
}

/** Bounds for a push that is late on purpose, so that a very slow or very fast rate still shows it. */
const leastLateMs = 20;
const mostLateMs = 30_000;

export function createPushPlanner(
  options: SimulationOptions,
  seed: number,
  deps: { linkTo: (call: SimulatedCall) => string; faultCounts: FaultCounts },
): PushPlanner {
  const intervalMs = (options.batch / options.rate) * 1000;
  const lastBatch = Math.ceil(options.calls / options.batch) - 1;
  let heldBack: readonly OutgoingMessage[] = [];

  function meets(fault: PushFault, batchIndex: number): boolean {
    return seededRandom(seed, fault, batchIndex)() < (options.faults[fault] ?? 0);
  }

  function planRecords(batchIndex: number, calls: readonly SimulatedCall[]): PlannedPush[] {
    const fresh = calls.map((call): OutgoingMessage => ({
      call,
      kind: 'record',
      text: callRecordText(call, deps.linkTo(call)),
    }));
    const records = [...heldBack, ...fresh];
    const faults = new Set(pushFaults.filter((fault) => meets(fault, batchIndex)));
    // Nothing follows the last batch that it could be merged with, and a batch of one cannot be split.
    if (batchIndex === lastBatch) faults.delete('merged-batch');
    if (records.length < 2) faults.delete('split-batch');
    if (faults.has('merged-batch')) {
      heldBack = records;
      countFault(deps.faultCounts, 'merged-batch');
      return [];
    }
    heldBack = [];
    for (const fault of faults) countFault(deps.faultCounts, fault);
    return shapePushes(records, faults, intervalMs, seededRandom(seed, 'shape', batchIndex));
  }

  return {
    plan(batchIndex, calls) {
      const random = seededRandom(seed, 'siblings', batchIndex);
      const siblings = (kind: 'report' | 'note', messages: readonly OutgoingMessage[]): PlannedPush[] =>
        messages.length === 0
          ? []
          : // Each type is a subscription of its own; a note takes longer to be written than a report.
            [{ ...plainBody(messages), delayMs: kind === 'note' ? lateMs(random, intervalMs) : 0 }];
      const reports = calls
        .filter((call) => call.hasReport)
        .map((call): OutgoingMessage => ({ call, kind: 'report', text: callReportText(call, seed) }));
      const notes = calls
        .filter((call) => call.hasNote)
        .map((call): OutgoingMessage => ({ call, kind: 'note', text: callNoteText(call, seed) }));
      return [...siblings('report', reports), ...planRecords(batchIndex, calls), ...siblings('note', notes)];
    },
  };
}

function shapePushes(
  records: readonly OutgoingMessage[],
  faults: ReadonlySet<PushFault>,
  intervalMs: number,
  random: Random,
): PlannedPush[] {
  const oddity = faults.has('odd-body') ? drawOne(random, oddities) : undefined;
  const isLate = faults.has('out-of-order');
  const delayMs = isLate ? lateMs(random, intervalMs) : 0;
  const ordered = isLate ? shuffled(random, records) : records;
  const messages = oddity === undefined ? ordered : makeTextsOdd(oddity, ordered);
  const half = Math.ceil(messages.length / 2);
  const groups = faults.has('split-batch') ? [messages.slice(0, half), messages.slice(half)] : [messages];
  const bodies = groups.flatMap((group) =>
    oddity === undefined ? [plainBody(group)] : makeShapeOdd(oddity, group, random),
  );
  const pushes = bodies.map((body): PlannedPush => ({ ...body, delayMs }));
  // The repetition comes whole, even of a batch that came in parts: a receiver must not go by bytes or grouping.
  if (faults.has('duplicate-push')) {
    pushes.push({ ...plainBody(messages), delayMs: delayMs + lateMs(random, intervalMs) });
  }
  return pushes;
}

/** Long enough for one to three later batches to overtake. */
function lateMs(random: Random, intervalMs: number): number {
  return Math.min(Math.max(intervalMs * (1.5 + 2 * random()), leastLateMs), mostLateMs);
}
