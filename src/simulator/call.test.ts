import { describe, expect, it } from 'vitest';
import { makeCall } from './call.js';
import type { SimulatedCall } from './call.js';
import { callNoteText, callRecordText, callReportText } from './message-text.js';
import { completeOptions } from './simulation-options.js';
import type { SimulationRequest } from './simulation-options.js';

const endAt = Date.UTC(2025, 4, 22, 16, 31, 31);

function callsOf(count: number, seed: number, part: Partial<SimulationRequest> = {}): SimulatedCall[] {
  const options = completeOptions({ to: 'http://127.0.0.1:1/', calls: count, rate: 1, ...part });
  return Array.from({ length: count }, (_, index) => makeCall(options, seed, index, endAt));
}

describe('a simulated call', () => {
  it('has ids of the shapes the vendor uses', () => {
    for (const call of callsOf(50, 1)) {
      expect(call.callId).toMatch(/^[1-9]\d{11}\^[1-9]\d{11}$/);
      expect(call.taskId).toMatch(/^[1-9]\d{17}$/);
      expect(call.detailId).toMatch(/^[1-9]\d{17}$/);
      expect(call.batchId).toMatch(/^B20250523\d{9}$/);
    }
  });

  it('is another one for each index and each seed, and the same one for the same', () => {
    const ids = [...callsOf(500, 1), ...callsOf(500, 2)].map((call) => call.callId);
    expect(new Set(ids).size).toBe(1000);
    expect(callsOf(20, 1)).toEqual(callsOf(20, 1));
  });

  it('lasts 5 seconds to 20 minutes, mostly short, sometimes long', () => {
    const seconds = callsOf(4000, 3)
      .map((call) => call.durationSeconds)
      .sort((a, b) => a - b);
    expect(seconds[0]).toBe(5);
    expect(seconds.at(-1)).toBeGreaterThan(600);
    expect(seconds.at(-1)).toBeLessThanOrEqual(1200);
    expect(seconds[2000]).toBeGreaterThan(60);
    expect(seconds[2000]).toBeLessThan(90);
  });

  it('can be capped, or given one length', () => {
    expect(Math.max(...callsOf(200, 4, { maxCallSeconds: 7 }).map((call) => call.durationSeconds))).toBe(7);
    const fixed = callsOf(20, 4, { minCallSeconds: 31, maxCallSeconds: 31 });
    expect(new Set(fixed.map((call) => call.durationSeconds))).toEqual(new Set([31]));
  });

  it('meets a fault as often as its share says, and no call changes because others meet one', () => {
    const quiet = callsOf(2000, 5);
    const faulty = callsOf(2000, 5, { faults: { reset: 0.25 } });
    const hit = faulty.filter((call) => call.storageFaults.length > 0);
    expect(hit.length).toBeGreaterThan(430);
    expect(hit.length).toBeLessThan(570);
    expect(faulty.map((call) => ({ ...call, storageFaults: [] }))).toEqual(quiet);
  });
});

describe('the messages of a call', () => {
  const [call] = callsOf(1, 1);
  if (call === undefined) throw new Error('no call');

  it('are records with the fields of the specification in its order and Beijing times', () => {
    const record = JSON.parse(callRecordText({ ...call, outId: '123456' }, 'http://link')) as Record<
      string,
      unknown
    >;
    expect(Object.keys(record).join(' ')).toBe(
      'callId duration endTime recordFile startTime taskId detailId batchId outId',
    );
    expect(record['endTime']).toBe('2025-05-23 00:31:31');
    expect(record['duration']).toBe(call.durationSeconds);
  });

  it('are reports and notes that tell their type by their fields', () => {
    expect(JSON.parse(callReportText(call, 1))).toMatchObject({ callId: call.callId, statusCode: '200010' });
    const note = JSON.parse(callNoteText(call, 1)) as { conversationRecord: string; outputTags: object };
    expect(Array.isArray(JSON.parse(note.conversationRecord))).toBe(true);
    expect(note.outputTags).toBeTypeOf('object');
  });
});
