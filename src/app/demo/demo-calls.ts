import type { Random } from '../../domain/clock.js';
import { demoBatchId, demoCalls } from '../../domain/made-up-calls.js';
import { makeCall, type SimulatedCall } from '../../simulator/call.js';
import { callNoteText, callRecordText, callReportText } from '../../simulator/message-text.js';
import { drawOne, drawWhole, seededRandom } from '../../simulator/seeded-random.js';
import { completeOptions, type SimulationOptions } from '../../simulator/simulation-options.js';
import type { StorageFault } from '../../simulator/fault.js';

/** The same calls each time: pages and screenshots look as they did. */
export const demoSeed = 20_250_522;

const dayMs = 24 * 60 * 60 * 1000;
const days = 7;

/** Of a simulation whose storage serves the recordings; a few seconds each, so that all are there within a minute. */
export function demoOptions(to: string): SimulationOptions {
  return completeOptions({
    ...{ to, calls: demoCalls, rate: Infinity, seed: demoSeed },
    ...{ minCallSeconds: 6, maxCallSeconds: 45, concurrency: 4 },
  });
}

/** One demo call, and what becomes of it. */
export interface DemoCall {
  readonly call: SimulatedCall;
  /** `none`: nobody answered. `missing`: its link leads to nothing. `short`: less audio than the call was long. */
  readonly recording: 'whole' | 'short' | 'missing' | 'none';
}

/** The call `index`, of the last seven days before `now`; oldest first. */
export function makeDemoCall(options: SimulationOptions, index: number, now: number): DemoCall {
  const random = seededRandom(demoSeed, 'demo', index);
  const agoMs = ((demoCalls - index - random()) / demoCalls) * days * dayMs;
  const endAt = Math.floor((now - agoMs) / 1000) * 1000;
  const call = makeCall(options, demoSeed, index, endAt);
  const recording = drawRecording(random, index);
  const faults = faultsOf(index);
  return {
    recording,
    call: {
      ...call,
      batchId: demoBatchId,
      // Most are conversations with a channel for each party, and small.
      channels: random() < 0.8 ? 2 : 1,
      codec: random() < 0.85 ? 'alaw' : 'pcm',
      storageFaults: recording === 'whole' ? faults : [],
      hasReport: recording === 'none' || random() < 0.6,
      hasNote: recording !== 'none' && random() < 0.4,
    },
  };
}

/** Fixed places, so that each kind is there however many calls there are of the others. */
function drawRecording(random: Random, index: number): DemoCall['recording'] {
  if (index % 40 === 17) return 'short';
  if (index % 100 === 63) return 'missing';
  return random() < 0.08 ? 'none' : 'whole';
}

function faultsOf(index: number): StorageFault[] {
  if (index % 50 === 29) return ['expired'];
  if (index % 50 === 8) return ['unavailable'];
  if (index % 50 === 41) return ['truncated'];
  return [];
}

/** The JSON of each of its messages, in the order in which they come. */
export function toDemoMessages(
  { call, recording }: DemoCall,
  linkTo: (call: SimulatedCall) => string,
): string[] {
  const messages: string[] = [];
  if (call.hasReport)
    messages.push(recording === 'none' ? missedCallText(call) : callReportText(call, demoSeed));
  if (recording !== 'none') {
    const told = recording === 'short' ? { ...call, durationSeconds: call.durationSeconds * 3 + 20 } : call;
    messages.push(callRecordText(told, linkTo(call)));
  }
  if (call.hasNote) messages.push(callNoteText(call, demoSeed));
  return messages;
}

const missed = [
  { smartStatusCode: 'USER_BUSY', statusMsg: '用户忙' },
  { smartStatusCode: 'NO_ANSWER', statusMsg: '无人接听' },
];
/** Never rang, so it began at no time: such a call is found by its receipt. Few, or a list begins with them. */
const poweredOff = { smartStatusCode: 'POWERED_OFF', statusMsg: '关机', startTime: '' };
const poweredOffShare = 0.15;

function missedCallText(call: SimulatedCall): string {
  const random = seededRandom(demoSeed, 'missed', call.index);
  const report = JSON.parse(callReportText(call, demoSeed)) as Record<string, unknown>;
  const code = `2000${drawWhole(random, 11, 19)}`;
  const why = random() < poweredOffShare ? poweredOff : drawOne(random, missed);
  return JSON.stringify({
    ...report,
    ...why,
    endTime: report['startTime'],
    duration: 0,
    statusCode: code,
  });
}

/** Bodies that become quarantine items: an element that no field tells the type of, a page of a proxy, a broken one. */
export const demoOddBodies: readonly string[] = [
  '[{"callId":"100001612345^100001815678","event":"hangup","at":"2025-05-22 12:31:31"}]',
  '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>',
  '[{"callId":"100001612345^100001815679","duration":12,"endTime":"2025-05-22 12:3',
];
