import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordOf } from '../../test/support/make-message.js';
import { openTemporaryStore, testStart, type TemporaryStore } from '../../test/support/temporary-store.js';
import type { MessageType } from '../protocol/message.js';
import { retryQuarantined } from './retry-quarantined.js';
import { sortPush } from './sort-push.js';

let store: TemporaryStore;
beforeEach(() => {
  store = openTemporaryStore();
});
afterEach(() => store.close());

/** Sorts a push and returns the ids of what went to quarantine, in its order. */
async function quarantine(body: string, pathType?: MessageType): Promise<string[]> {
  const push = {
    id: 1,
    receivedAt: testStart,
    source: 'default',
    remoteAddress: '',
    body: Buffer.from(body),
  };
  await store.journalWriter.append(sortPush(pathType ? { ...push, pathType } : push));
  const { items } = await store.quarantine.list({ limit: 100 });
  return items.map(({ id }) => id).reverse();
}

const text = (value: unknown) => Buffer.from(JSON.stringify(value));
const messages = () => store.journal.read(0, 100);

describe('retryQuarantined', () => {
  it('makes messages of a corrected whole body and empties its place in quarantine', async () => {
    const [id = ''] = await quarantine('[{"callId":"1^1"');
    const corrected = text([recordOf('1^1'), recordOf('2^2')]);
    expect(await retryQuarantined(store, id, corrected)).toEqual({
      appended: 2,
      duplicates: 0,
      quarantined: 0,
    });
    expect(await messages()).toMatchObject([
      { callId: '1^1', receivedAt: testStart, source: 'default' },
      { callId: '2^2', receivedAt: testStart, source: 'default' },
    ]);
    expect(await store.quarantine.get(id)).toBeUndefined();
  });

  it('makes a message of a corrected item, and leaves its neighbours in quarantine alone', async () => {
    const [first = '', second = ''] = await quarantine('[{},null]');
    await retryQuarantined(store, second, text(recordOf('1^1')));
    expect(await messages()).toMatchObject([{ callId: '1^1' }]);
    expect(await store.quarantine.get(first)).toBeDefined();
    expect(await store.quarantine.count()).toBe(1);
  });

  it('takes a corrected body that is packed', async () => {
    const [id = ''] = await quarantine('x');
    await retryQuarantined(store, id, gzipSync(text(recordOf('1^1'))));
    expect(await messages()).toHaveLength(1);
  });

  it('reads a corrected body with the type that the path had named', async () => {
    const [id = ''] = await quarantine('{"outId":"7"}', 'AlicomAgentCallNote');
    await retryQuarantined(store, id, text({ callId: '1^1' }));
    expect(await messages()).toMatchObject([{ type: 'AlicomAgentCallNote' }]);
  });

  it('counts what was journaled meanwhile as a duplicate, and the item leaves all the same', async () => {
    const [id = ''] = await quarantine('[1');
    await store.journalWriter.append(
      sortPush({ id: 2, receivedAt: 1, source: 'default', remoteAddress: '', body: text([recordOf('1^1')]) }),
    );
    expect(await retryQuarantined(store, id, text(recordOf('1^1')))).toMatchObject({
      appended: 0,
      duplicates: 1,
    });
    expect(await store.quarantine.count()).toBe(0);
  });

  it.each([
    ['[1', undefined, 'not-json'],
    ['{}', undefined, 'no-call-id'],
    ['{}', '[{"callId":"1"}]', 'unknown-type'],
    ['{}', '[{"callId":"1","callee":""},5]', 'Element 1 is no message: not-an-object'],
    ['{}', '', 'not-json'],
    ['{}', '[]', 'holds no message'],
  ])('keeps %j with the body %j where it is, and says why', async (body, corrected, why) => {
    const [id = ''] = await quarantine(body);
    const before = await store.quarantine.get(id);
    const retry = retryQuarantined(store, id, corrected === undefined ? undefined : Buffer.from(corrected));
    await expect(retry).rejects.toMatchObject({ code: 'quarantine-still-unreadable' });
    await expect(retry).rejects.toThrow(why);
    expect(await store.quarantine.get(id)).toEqual(before);
    expect(await messages()).toEqual([]);
  });

  it('knows no item that there is not, or not any more', async () => {
    const [id = ''] = await quarantine('{}');
    await store.quarantineWriter.discard(id);
    for (const unknown of [id, 'q99', 'q0', 'x', '']) {
      await expect(retryQuarantined(store, unknown, text(recordOf('1^1')))).rejects.toMatchObject({
        code: 'quarantine-item-unknown',
      });
    }
    expect(await messages()).toEqual([]);
  });
});
