import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageTypes } from '../../src/protocol/message.js';
import { makeMessage, noteOf, recordOf, reportOf } from '../support/make-message.js';
import { testStart } from '../support/temporary-store.js';
import { archived, lost, useStore, type OpenStore } from './store-under-test.js';

export function describeJournal(open: OpenStore): void {
  const store = useStore(open);
  const read = (after = 0, limit = 100) => store().journal.read(after, limit);
  const seqs = async (after = 0, limit = 100) => (await read(after, limit)).map(({ seq }) => seq);

  describe('the journal', () => {
    it('keeps a message exactly as received, under ascending numbers', async () => {
      const text =
        '{ "callId":"1^1" ,"recordFile":"http://h/x","a":1.10,"b":1E400,"c":-0,"d":"\\ud800\\u0000","e":1,"e":2 }';
      await store().append([makeMessage(text, 77), makeMessage(noteOf('录音^2'))]);
      const [first, second] = await read();
      expect(first).toEqual({
        seq: 1,
        type: 'AlicomAgentCallRecord',
        callId: '1^1',
        receivedAt: 77,
        source: 'default',
        text,
      });
      expect(second).toMatchObject({ seq: 2, type: 'AlicomAgentCallNote', callId: '录音^2' });
    });

    it('is empty at first, and every cursor stands at 0', async () => {
      expect(await read()).toEqual([]);
      expect(await store().journal.lastSeq()).toBe(0);
      expect(await store().journal.cursors()).toEqual({ sorter: 0, projector: 0 });
    });

    it('leaves out what it has already: the same type, callId and content', async () => {
      const message = makeMessage(recordOf('1^1'));
      expect(await store().append([message, message])).toEqual({
        appended: 1,
        duplicates: 1,
        quarantined: 0,
      });
      const again = makeMessage(JSON.stringify(recordOf('1^1'), null, 2), testStart + 5);
      expect(await store().append([again])).toEqual({ appended: 0, duplicates: 1, quarantined: 0 });
      expect(await read()).toHaveLength(1);
      expect((await read())[0]?.receivedAt).toBe(testStart);
    });

    it('takes other content, another type or another call for another message', async () => {
      const fields = reportOf('1^1');
      await store().append([
        fields,
        reportOf('1^1', { duration: 1 }),
        reportOf('1^2'),
        makeMessage(fields, testStart, 'AlicomAgentCallNote'),
      ]);
      expect(await read()).toHaveLength(4);
    });

    it('leaves no gap in its numbers where duplicates were', async () => {
      await store().append([recordOf('1'), recordOf('1'), recordOf('2')]);
      await store().append([recordOf('2'), recordOf('3')]);
      expect(await seqs()).toEqual([1, 2, 3]);
    });

    it('can be read by bytes, at least one message at a time, and complete', async () => {
      const large = (callId: string, bytes: number) => recordOf(callId, { note: '录'.repeat(bytes / 3) });
      await store().append([large('1^1', 3_000), large('2^2', 30_000), recordOf('3^3'), large('4^4', 30)]);
      const seen: number[][] = [];
      for (let after = 0; ;) {
        const page = await store().journal.read(after, 100, messageTypes, 5_000);
        after = page.at(-1)?.seq ?? after;
        if (page.length === 0) break;
        seen.push(page.map(({ seq }) => seq));
      }
      expect(seen).toEqual([
        [1, 2],
        [3, 4],
      ]);
      expect(await store().journal.read(1, 100, messageTypes, 5_000)).toHaveLength(1);
      expect(await store().journal.read(0, 1, messageTypes, 1e9)).toHaveLength(1);
      expect(await store().journal.read(4, 100, ['recording.lost'], 5_000)).toEqual([]);
    });

    it('can be read on from anywhere, in pages of any size, complete', async () => {
      const ids = Array.from({ length: 23 }, (_, index) => `${index}^0`);
      await store().append(ids.map((id) => recordOf(id)));
      for (const limit of [1, 7, 23, 100]) {
        const seen: string[] = [];
        for (let after = 0; ;) {
          const page = await read(after, limit);
          const last = page.at(-1);
          if (!last) break;
          seen.push(...page.map(({ callId }) => callId));
          after = last.seq;
        }
        expect(seen).toEqual(ids);
      }
      expect(await seqs(23)).toEqual([]);
      expect(await seqs(1_000_000)).toEqual([]);
    });

    it('gives messages unless other types are asked for', async () => {
      await store().take(recordOf('1^1'), noteOf('1^1'), reportOf('2^2'));
      await store().conclude('1^1', archived);
      const typesOf = async (types?: Parameters<ReturnType<typeof store>['journal']['read']>[2]) =>
        (await store().journal.read(0, 100, types)).map(({ type }) => type);
      const [record, report, note] = messageTypes;
      expect(await typesOf()).toEqual([record, note, report]);
      expect(await typesOf(['recording.archived'])).toEqual(['recording.archived']);
      expect(await typesOf([note, 'recording.archived', note])).toEqual([note, 'recording.archived']);
      expect(await typesOf(['recording.lost'])).toEqual([]);
      expect(await store().journal.lastSeq()).toBe(4);
    });

    it('tells every entry of one call, its events only where asked', async () => {
      await store().take(recordOf('1^1'), recordOf('2^2'), noteOf('1^1'));
      await store().conclude('1^1', lost);
      const typesOf = async (withEvents?: boolean) =>
        (await store().journal.ofCall('1^1', withEvents)).map(({ type }) => type);
      expect(await typesOf()).toEqual(['AlicomAgentCallRecord', 'AlicomAgentCallNote']);
      expect(await typesOf(true)).toEqual(['AlicomAgentCallRecord', 'AlicomAgentCallNote', 'recording.lost']);
      expect(await store().journal.ofCall('3^3')).toEqual([]);
    });

    it('gives single entries by their numbers, in the order asked for, events too', async () => {
      await store().take(recordOf('1^1'), noteOf('2^2'));
      await store().conclude('1^1', archived);
      const entries = await store().journal.read(0, 100, [...messageTypes, 'recording.archived']);
      const [first, second, event] = entries;
      expect(await store().journal.bySeqs([3, 1, 99, 2, 0, 1])).toEqual([event, first, second, first]);
      expect(await store().journal.bySeqs([])).toEqual([]);
    });

    it('tells the first number that was received at an instant or later', async () => {
      expect(await store().journal.seqAt(testStart)).toBe(1);
      const times = [10, 20, 20, 20, 30, 90];
      await store().append(times.map((at, index) => makeMessage(noteOf(`${index}`), at)));
      for (const at of [0, 10, 11, 20, 21, 30, 31, 90, 91, 1_000]) {
        const first = times.findIndex((time) => time >= at);
        expect([at, await store().journal.seqAt(at)]).toEqual([at, first === -1 ? 7 : first + 1]);
      }
    });

    it('tells when the first entry beyond a number was received', async () => {
      expect(await store().journal.receivedAfter(0)).toBeUndefined();
      await store().append([10, 20, 15].map((at, index) => makeMessage(noteOf(`${index}`), at)));
      const told = [0, 1, 2, 3].map((after) => store().journal.receivedAfter(after));
      expect(await Promise.all(told)).toEqual([10, 20, 15, undefined]);
    });

    it("moves the sorter's cursor with the messages, and only where told to", async () => {
      await store().append([recordOf('1')], [], 41);
      expect(await store().journal.cursors()).toMatchObject({ sorter: 41 });
      await store().append([recordOf('2')]);
      await store().append([], [], 42);
      expect(await store().journal.cursors()).toMatchObject({ sorter: 42 });
    });

    it('takes all of a batch or nothing: messages, quarantine items and cursor', async () => {
      const item = {
        pushId: 1,
        itemIndex: 0,
        receivedAt: 1,
        source: 'default',
        reason: 'x',
        body: Buffer.from('x'),
      };
      const broken = { ...item, itemIndex: 1, reason: null as unknown as string };
      await expect(store().append([recordOf('1')], [item, broken], 7)).rejects.toThrow();
      expect(await read()).toEqual([]);
      expect(await store().quarantine.count()).toBe(0);
      expect(await store().journal.cursors()).toMatchObject({ sorter: 0 });
    });

    it('tells calls apart whose ids differ in odd characters only', async () => {
      const ids = [
        'a',
        'a\u0000',
        'a\u0000b',
        '\ud800',
        '\ud801',
        '\udc00',
        '\ufffd',
        '\ufffe',
        'é',
        'e\u0301',
        ' a',
      ];
      await store().take(...ids.map((id) => recordOf(id)));
      expect((await read()).map(({ callId }) => callId)).toEqual(ids);
      for (const callId of ids) {
        expect(await store().calls.get(callId)).toMatchObject({ callId });
        expect(await store().journal.ofCall(callId)).toHaveLength(1);
      }
    });

    it('keeps any text under any id, once', async () => {
      const anyId = fc
        .uint16Array({ minLength: 1, maxLength: 4 })
        .map((units) => String.fromCharCode(...units));
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(anyId, fc.jsonValue()), { maxLength: 5 }), async (items) => {
          const messages = items.map(([callId, content]) => makeMessage({ callId, callee: content }));
          const before = await store().journal.lastSeq();
          const { appended, duplicates } = await store().append(messages);
          expect(appended + duplicates).toBe(messages.length);
          const entries = await read(before);
          expect(entries).toHaveLength(appended);
          for (const { callId, text } of entries) {
            expect(messages).toContainEqual(expect.objectContaining({ callId, text }));
          }
        }),
        { numRuns: 50 },
      );
    });
  });
}
