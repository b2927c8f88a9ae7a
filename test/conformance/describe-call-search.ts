import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rebuildProjection } from '../../src/project/projector.js';
import type { Call, CallPosition, CallQuery, CallsReader } from '../../src/store/calls.js';
import type { RecordingPosition } from '../../src/store/recordings.js';
import { makeMessage, noteOf, recordOf, reportOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import {
  archived,
  blocked,
  drive,
  idsOf,
  lost,
  toInstant,
  useStore,
  type OpenStore,
} from './store-under-test.js';

const minute = 60_000;
/** 2025-05-22 12:MM:00 in Beijing. */
const startTime = (minutes: number) => `2025-05-22 12:${String(minutes).padStart(2, '0')}:00`;
const startAt = (minutes: number) => Date.UTC(2025, 4, 22, 4, minutes);

export function describeCallSearch(open: OpenStore): void {
  const store = useStore(open);
  const find = async (query: Partial<CallQuery>) =>
    idsOf((await store().calls.search({ limit: 100, ...query })).items);

  describe('the search for calls', () => {
    it('lists the newest start first, and by first receipt what has none', async () => {
      await store().take(
        recordOf('b', { startTime: startTime(20) }),
        recordOf('c', { startTime: startTime(30) }),
        makeMessage(noteOf('n'), startAt(25)),
        makeMessage(recordOf('x', { startTime: 'unreadable', endTime: '' }), startAt(15)),
        recordOf('a', { startTime: startTime(10) }),
      );
      expect(await find({})).toEqual(['c', 'n', 'b', 'x', 'a']);
    });

    it('lists large calls and their recordings in pages that end early, complete', async () => {
      const large = (letter: string, at: number) => letter.repeat(4_000) + at;
      const times = Array.from({ length: 50 }, (_, index) => index);
      for (const at of times) {
        const fields = { taskId: large('t', at), outId: large('o', at), batchId: large('b', at) };
        const recordFile = `http://h.oss.aliyuncs.com/${large('p', at)}${'/q'.repeat(18_000)}`;
        await store().take(recordOf(large('c', at), { ...fields, startTime: startTime(at), recordFile }));
      }
      const calls: string[] = [];
      const recordings: string[] = [];
      for (let after: CallPosition | undefined, page = 0; page === 0 || after; page++) {
        const { items, next } = await store().calls.search({ limit: 100, ...(after ? { after } : {}) });
        expect(items.length).toBeLessThan(50);
        calls.push(...idsOf(items));
        after = next;
      }
      for (let after: RecordingPosition | undefined, page = 0; page === 0 || after; page++) {
        const { items, next } = await store().recordings.list({ limit: 100, ...(after ? { after } : {}) });
        expect(items.length).toBeLessThan(50);
        recordings.push(...idsOf(items));
        after = next;
      }
      expect(calls).toEqual(times.map((at) => large('c', at)).reverse());
      expect(recordings.sort()).toEqual([...calls].sort());
    });

    it('takes a call that nobody answered for one of when it was dialled, or ended, and not of when it came', async () => {
      const received = startAt(59);
      const take = async (...fields: Parameters<typeof makeMessage>[0][]) => {
        for (const each of fields) await store().take(makeMessage(each, received));
      };
      const unanswered = { startTime: null, duration: 0 };
      const dialled = { originateTime: startTime(20), endTime: startTime(21) };
      await take(
        reportOf('dialled', { ...unanswered, ...dialled }),
        reportOf('ended', { ...unanswered, endTime: startTime(30) }),
        noteOf('untold'),
        noteOf('note first'),
        reportOf('note first', { ...unanswered, originateTime: startTime(10) }),
        reportOf('note last', { ...unanswered, originateTime: startTime(15) }),
        noteOf('note last'),
        reportOf('end last', { ...unanswered, originateTime: startTime(16) }),
        reportOf('end last', { ...unanswered, endTime: startTime(40) }),
        reportOf('end first', { ...unanswered, endTime: startTime(40) }),
        reportOf('end first', { ...unanswered, originateTime: startTime(17) }),
        reportOf('odd', { ...unanswered, originateTime: 'soon' }),
        reportOf('answered', { startTime: startTime(50), originateTime: startTime(49) }),
      );
      const expected = {
        ...{ dialled: 20, ended: 30, untold: 59, 'note first': 10, 'note last': 15, 'end last': 16 },
        ...{ 'end first': 17, odd: 59, answered: 50 },
      };
      const { items } = await store().calls.search({ limit: 100 });
      expect(Object.fromEntries(items.map(({ callId, at }) => [callId, (at - startAt(0)) / minute]))).toEqual(
        expected,
      );
      expect(await find({ from: startAt(55) })).toEqual(['odd', 'untold']);
    });

    it('moves a call once its start is known', async () => {
      await store().take(makeMessage(noteOf('n'), startAt(50)), recordOf('b', { startTime: startTime(20) }));
      expect(await find({})).toEqual(['n', 'b']);
      await store().take(recordOf('n', { startTime: startTime(10) }));
      expect(await find({})).toEqual(['b', 'n']);
    });

    it('finds by each id, whole and digit for digit', async () => {
      await store().take(
        makeMessage(
          '{"callId":"1^2","recordFile":"","taskId":12345678901234567890,"detailId":"d1","batchId":"b1","outId":"o1"}',
        ),
        recordOf('3^4', { taskId: '12345678901234567891', detailId: 'd2', batchId: 'b1', outId: 'o2' }),
      );
      for (const query of [
        { callId: '1^2' },
        { taskId: '12345678901234567890' },
        { detailId: 'd1' },
        { outId: 'o1' },
        { batchId: 'b1', outId: 'o1' },
        { q: '1^2' },
        { q: '1' },
        { q: '2' },
        { q: 'd1' },
        { q: '12345678901234567890' },
        { q: 'b1', detailId: 'd1' },
      ]) {
        expect(await find(query)).toEqual(['1^2']);
      }
      expect((await find({ batchId: 'b1' })).toSorted()).toEqual(['1^2', '3^4']);
      expect((await find({ q: 'b1' })).toSorted()).toEqual(['1^2', '3^4']);
      for (const query of [
        { callId: '1' },
        { callId: '1^' },
        { taskId: '1234' },
        { q: '' },
        { q: '^' },
        { q: '1^' },
      ]) {
        expect(await find(query)).toEqual([]);
      }
    });

    it('gives a call once that q finds by several of its ids', async () => {
      await store().take(
        recordOf('7^7', { taskId: '7', detailId: '7', batchId: '7', outId: '7' }),
        recordOf('8^7'),
      );
      expect((await find({ q: '7' })).toSorted()).toEqual(['7^7', '8^7']);
      expect((await store().calls.search({ q: '7', limit: 2 })).next).toBeUndefined();
    });

    it('takes what is before and behind the first ^ for the halves of a callId', async () => {
      await store().take(recordOf('^5'), recordOf('^'), recordOf('5'), recordOf('a^5^6'));
      expect(await find({ q: '5' })).toEqual(['5']);
      expect(await find({ q: '5^6' })).toEqual(['a^5^6']);
      expect(await find({ q: 'a' })).toEqual(['a^5^6']);
      expect(await find({ q: 'a^5' })).toEqual([]);
    });

    it('filters by time, from inclusive, to exclusive', async () => {
      await store().take(...[10, 20, 30].map((at) => recordOf(`${at}`, { startTime: startTime(at) })));
      expect(await find({ from: startAt(20) })).toEqual(['30', '20']);
      expect(await find({ to: startAt(20) })).toEqual(['10']);
      expect(await find({ from: startAt(20), to: startAt(30) })).toEqual(['20']);
      expect(await find({ from: startAt(20), to: startAt(20) })).toEqual([]);
    });

    it('filters by duration, both ends inclusive, leaving out calls of which none is known', async () => {
      await store().take(
        ...[0, 5, 7.5, 10].map((duration) => recordOf(`${duration}`, { duration })),
        noteOf('n'),
      );
      expect((await find({ minDuration: 5 })).toSorted()).toEqual(['10', '5', '7.5']);
      expect((await find({ maxDuration: 7.5 })).toSorted()).toEqual(['0', '5', '7.5']);
      expect(await find({ minDuration: 7, maxDuration: 8 })).toEqual(['7.5']);
      expect(await find({ minDuration: 0, maxDuration: 0 })).toEqual(['0']);
    });

    it('filters by the state of a recording, and follows it through its life', async () => {
      await store().take(recordOf('1'), recordOf('2', { recordFile: 'http://h/1' }), noteOf('3'));
      expect((await find({ state: 'pending' })).toSorted()).toEqual(['1', '2']);
      await store().conclude('1', lost);
      expect(await find({ state: 'lost' })).toEqual(['1']);
      await store().recordingsWriter.retryNow('r1', testStart);
      expect(await find({ state: 'lost' })).toEqual([]);
      for (const download of await store().claim({ now: testStart + minute })) {
        await store().settle(download, download.callId === '1' ? archived : blocked);
      }
      expect(await find({ state: 'pending' })).toEqual([]);
      expect(await find({ state: 'archived' })).toEqual(['1']);
      expect(await find({ state: 'blocked' })).toEqual(['2']);
      await store().take(recordOf('1', { recordFile: 'http://h/second' }));
      expect(await find({ state: 'archived' })).toEqual(['1']);
      expect(await find({ state: 'pending' })).toEqual(['1']);
    });

    it('filters by a tag, and follows a call whose start becomes known', async () => {
      await store().take(
        ...[10, 20, 30].map((at) => recordOf(`${at}`, { startTime: startTime(at) })),
        makeMessage(noteOf('n'), startAt(50)),
      );
      for (const callId of ['10', '30', 'n']) await store().tags.add(callId, 'good', 'id-a', testStart);
      await store().tags.add('20', 'bad', 'id-a', testStart);
      expect(await find({ tag: 'good' })).toEqual(['n', '30', '10']);
      await store().take(recordOf('n', { startTime: startTime(15) }));
      expect(await find({ tag: 'good' })).toEqual(['30', 'n', '10']);
      expect(await find({ tag: 'good', from: startAt(15), to: startAt(30) })).toEqual(['n']);
      await store().tags.remove('30', 'good');
      expect(await find({ tag: 'good' })).toEqual(['n', '10']);
      expect(await find({ tag: 'good', q: '10' })).toEqual(['10']);
      expect(await find({ tag: 'none' })).toEqual([]);
    });

    it('finds tagged calls in their order when they were built anew by another clock', async () => {
      await store().take(
        recordOf('a', { startTime: startTime(10) }),
        makeMessage(recordOf('b', { startTime: '', endTime: '' }), startAt(20)),
      );
      for (const callId of ['a', 'b']) await store().tags.add(callId, 'good', 'id-a', testStart);
      expect(await find({ tag: 'good' })).toEqual(['b', 'a']);
      // Half an hour later than what the wall shows in Beijing.
      const later = (text: string): number | undefined => {
        const at = toInstant(text);
        return at === undefined ? undefined : at + 30 * minute;
      };
      const { journal, rebuild } = store();
      await rebuildProjection({ journal, rebuild, toInstant: later }, () => undefined);
      expect(await find({ tag: 'good' })).toEqual(['a', 'b']);
      expect(await find({ tag: 'good', from: startAt(40), to: startAt(41) })).toEqual(['a']);
    });

    it('keeps its pages while newer calls arrive', async () => {
      await store().take(...[10, 20, 30, 40].map((at) => recordOf(`${at}`, { startTime: startTime(at) })));
      const first = await store().calls.search({ limit: 2 });
      expect(idsOf(first.items)).toEqual(['40', '30']);
      await store().take(
        recordOf('50', { startTime: startTime(50) }),
        recordOf('15', { startTime: startTime(15) }),
      );
      const rest = await store().calls.search({ limit: 10, ...(first.next ? { after: first.next } : {}) });
      expect(idsOf(rest.items)).toEqual(['20', '15', '10']);
      expect(rest.next).toBeUndefined();
    });

    it('counts a page as a search would find it, and says where to count on', async () => {
      await store().take(...[10, 20, 30].map((at) => recordOf(`${at}`, { startTime: startTime(at) })));
      const { next } = await store().calls.search({ limit: 2 });
      expect(await store().calls.count({ limit: 2 })).toEqual({ calls: 2, next });
      expect(await store().calls.count({ limit: 3 })).toEqual({ calls: 3 });
      expect(await store().calls.count({ limit: 100, ...(next ? { after: next } : {}) })).toEqual({
        calls: 1,
      });
      expect(await store().calls.count({ limit: 100, q: 'nothing' })).toEqual({ calls: 0 });
    });

    it('finds by any filters at once exactly what they say, in pages that make up the whole', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyCall, { maxLength: 25 }),
          fc.array(anyTag, { maxLength: 12 }),
          fc.array(anyQuery, { minLength: 8 }),
          async (calls, tagged, queries) => {
            const other = drive(await open());
            try {
              await other.take(...calls);
              for (const { callId, tag } of tagged) await other.tags.add(callId, tag, 'id-a', testStart);
              const { items: all } = await other.calls.search({ limit: 1_000 });
              const sorted = all.toSorted((a, b) => sortKey(b) - sortKey(a));
              expect(all.map(sortKey)).toEqual(sorted.map(sortKey));
              for (const { limit, ...query } of queries) {
                const expected = all.filter((call) => matches(call, query) && hasTag(tagged, call, query));
                expect(await pagesOf(other.calls.search.bind(other.calls), query, limit)).toEqual(
                  idsOf(expected),
                );
                expect(await countInSteps(other.calls, query, limit)).toBe(expected.length);
              }
            } finally {
              await other.close();
            }
          },
        ),
        { numRuns: 12 },
      );
    });
  });
}

/** Few values each, so that equal sort keys and hits are many. */
const few = fc.constantFrom('1', '2', '3');
const anyCallId = fc.tuple(few, fc.constantFrom('^', ''), few, few).map((parts) => parts.join(''));
const anyCall = fc.record(
  {
    callId: anyCallId,
    recordFile: fc.constantFrom('http://h/1', 'http://h/2', ''),
    startTime: fc.constantFrom(startTime(1), startTime(2), startTime(3), ''),
    duration: fc.constantFrom(0, 1, 2, 'x'),
    taskId: few,
    detailId: few,
    batchId: few,
    outId: few,
  },
  { requiredKeys: ['callId', 'recordFile'] },
);

const anyTag = fc.record({ callId: anyCallId, tag: fc.constantFrom('a', 'b') });

const anyQuery = fc.record(
  {
    limit: fc.constantFrom(1, 2, 3, 7, 100),
    callId: fc.constantFrom('1^11', '111', '2^12'),
    taskId: few,
    detailId: few,
    batchId: few,
    outId: few,
    state: fc.constantFrom('pending', 'archived'),
    from: fc.constantFrom(startAt(1), startAt(2)),
    to: fc.constantFrom(startAt(2), startAt(3), testStart + 1),
    minDuration: fc.constantFrom(0, 1),
    maxDuration: fc.constantFrom(1, 2),
    q: fc.constantFrom('1', '2', '3', '11', '1^11', '12'),
    tag: fc.constantFrom('a', 'b'),
  },
  { requiredKeys: ['limit'] },
) as fc.Arbitrary<Partial<CallQuery> & { limit: number }>;

const sortKey = (call: Call): number => call.at;

function matches(call: Call, query: Partial<CallQuery>): boolean {
  const [head, ...tail] = call.callId.split('^');
  const halves = tail.length > 0 ? [head, tail.join('^')] : [];
  const ids = [call.callId, call.taskId, call.detailId, call.batchId, call.outId, ...halves];
  const duration = call.durationSeconds ?? Number.NaN;
  return (
    (['callId', 'taskId', 'detailId', 'batchId', 'outId'] as const).every(
      (name) => query[name] === undefined || call[name] === query[name],
    ) &&
    (query.state === undefined || call.recordings.some(({ state }) => state === query.state)) &&
    (query.from === undefined || sortKey(call) >= query.from) &&
    (query.to === undefined || sortKey(call) < query.to) &&
    (query.minDuration === undefined || duration >= query.minDuration) &&
    (query.maxDuration === undefined || duration <= query.maxDuration) &&
    (query.q === undefined || ids.includes(query.q))
  );
}

function hasTag(
  tagged: readonly { callId: string; tag: string }[],
  { callId }: Call,
  query: Partial<CallQuery>,
): boolean {
  return query.tag === undefined || tagged.some((each) => each.callId === callId && each.tag === query.tag);
}

async function pagesOf(
  search: (query: CallQuery) => Promise<{ items: Call[]; next?: CallPosition }>,
  query: Partial<CallQuery>,
  limit: number,
): Promise<string[]> {
  const ids: string[] = [];
  let after: CallPosition | undefined;
  do {
    const page = await search({ ...query, limit, ...(after ? { after } : {}) });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    ids.push(...idsOf(page.items));
    after = page.next;
  } while (after);
  return ids;
}

async function countInSteps(
  calls: Pick<CallsReader, 'count'>,
  query: Partial<CallQuery>,
  limit: number,
): Promise<number> {
  let counted = 0;
  let after: CallPosition | undefined;
  do {
    const step = await calls.count({ ...query, limit, ...(after ? { after } : {}) });
    counted += step.calls;
    after = step.next;
  } while (after);
  return counted;
}
