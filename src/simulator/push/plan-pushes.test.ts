import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { makeCall } from '../call.js';
import type { FaultCounts, FaultShares } from '../fault.js';
import { seededRandom } from '../seeded-random.js';
import { completeOptions } from '../simulation-options.js';
import { makeShapeOdd, makeTextsOdd, oddities } from './odd-body.js';
import type { Oddity } from './odd-body.js';
import { createPushPlanner } from './plan-pushes.js';
import type { PlannedPush } from './plan-pushes.js';
import type { OutgoingMessage, PushBody } from './push-body.js';

const calls = 40;
const batch = 10;

function planAll(faults: FaultShares, shares = {}): { batches: PlannedPush[][]; faultCounts: FaultCounts } {
  const options = completeOptions({ to: 'http://127.0.0.1:1/', calls, rate: 10, batch, faults, ...shares });
  const faultCounts: FaultCounts = {};
  const planner = createPushPlanner(options, 1, {
    linkTo: (call) => `http://link/${call.index}`,
    faultCounts,
  });
  const batches = Array.from({ length: calls / batch }, (_, batchIndex) =>
    planner.plan(
      batchIndex,
      Array.from({ length: batch }, (_unused, place) => makeCall(options, 1, batchIndex * batch + place, 0)),
    ),
  );
  return { batches, faultCounts };
}

const indexes = (push: PushBody): number[] => push.messages.map(({ call }) => call.index);
const sorted = (numbers: number[]): number[] => numbers.toSorted((a, b) => a - b);
const textOf = (push: PushBody): string => Buffer.from(push.bytes).toString();

describe('the pushes of a simulation', () => {
  it('are arrays of a batch each, in order, at once', () => {
    const { batches } = planAll({});
    expect(batches.map((pushes) => pushes.map(indexes))).toEqual(
      [0, 10, 20, 30].map((first) => [Array.from({ length: 10 }, (_, place) => first + place)]),
    );
    const [push] = batches[0] ?? [];
    if (push === undefined) throw new Error('no push');
    expect(push.delayMs).toBe(0);
    expect(JSON.parse(textOf(push))).toHaveLength(10);
  });

  it('come twice, in halves, merged with the next, or late and shuffled', () => {
    const count = (faults: FaultShares): number[][] =>
      planAll(faults).batches.map((all) => all.map((p) => p.messages.length));
    expect(count({ 'duplicate-push': 1 })).toEqual(Array(4).fill([10, 10]));
    expect(count({ 'split-batch': 1 })).toEqual(Array(4).fill([5, 5]));
    expect(count({ 'merged-batch': 1 })).toEqual([[], [], [], [40]]);
    const { batches, faultCounts } = planAll({ 'out-of-order': 1 });
    for (const [place, [push]] of batches.entries()) {
      expect(push?.delayMs).toBeGreaterThan(1000);
      expect(indexes(push as PlannedPush)).not.toEqual(sorted(indexes(push as PlannedPush)));
      expect(sorted(indexes(push as PlannedPush))[0]).toBe(place * 10);
    }
    expect(faultCounts).toEqual({ 'out-of-order': 4 });
  });

  it('repeat a batch with the very same bytes', () => {
    const [[first, second] = []] = planAll({ 'duplicate-push': 1 }).batches;
    expect(second && textOf(second)).toBe(first && textOf(first));
  });

  it('lose no call, whatever happens to their batches', () => {
    const all = {
      'duplicate-push': 0.5,
      'split-batch': 0.5,
      'merged-batch': 0.5,
      'out-of-order': 0.5,
      'odd-body': 1,
    };
    const seen = planAll(all).batches.flat().flatMap(indexes);
    expect(sorted([...new Set(seen)])).toEqual(Array.from({ length: calls }, (_, index) => index));
  });

  it('bring reports and notes in pushes of their own', () => {
    const { batches } = planAll({}, { reportShare: 1, noteShare: 0.5 });
    for (const pushes of batches) {
      expect(pushes.map(({ messages }) => messages[0]?.kind)).toEqual(['report', 'record', 'note']);
      for (const { messages } of pushes) expect(new Set(messages.map(({ kind }) => kind)).size).toBe(1);
    }
  });
});

describe('odd bodies', () => {
  const { batches } = planAll({});
  const messages: readonly OutgoingMessage[] = batches[0]?.[0]?.messages ?? [];
  const odd = (oddity: Oddity): readonly PushBody[] =>
    makeShapeOdd(oddity, makeTextsOdd(oddity, messages), seededRandom(1));
  const only = (oddity: Oddity): string => odd(oddity).map(textOf).join('\n');

  it.each(oddities.filter((oddity) => oddity !== 'gzip' && oddity !== 'byte-order-mark'))(
    'are JSON all the same: %s',
    (oddity) => {
      for (const push of odd(oddity)) expect(() => void JSON.parse(textOf(push))).not.toThrow();
    },
  );

  it('hold what their names say', () => {
    expect(only('numeric-ids')).toMatch(/"taskId":\d{18},"detailId":\d{18}/);
    expect(only('string-duration')).toMatch(/"duration":"\d+"/);
    expect(only('empty-times')).toContain('"endTime":""');
    expect(only('null-times')).toContain('"startTime":null');
    expect(only('unknown-fields')).toContain('"rate":1.10,"traceNo":12345678901234567890');
    expect(odd('bare-object').map((push) => textOf(push)[0])).toEqual(['{', '[']);
    expect(odd('empty-array').map((push) => push.messages.length)).toEqual([0, 10]);
    expect(only('byte-order-mark').codePointAt(0)).toBe(0xfeff);
    expect(odd('no-content-type')[0]?.headers).toEqual({});
    expect(odd('bad-item')[0]?.badItems).toBe(1);
    expect(JSON.parse(only('bad-item'))).toHaveLength(11);
  });

  it('unpack to what was packed', () => {
    const [packed] = odd('gzip');
    expect(packed?.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(packed?.bytes ?? '').toString())).toHaveLength(10);
  });
});
