import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTemporaryStore, testStart, type TemporaryStore } from '../../../test/support/temporary-store.js';
import type { NewMessage } from '../journal.js';
import { messageTypes } from '../../protocol/message.js';

let store: TemporaryStore;

beforeEach(() => {
  store = openTemporaryStore();
});

afterEach(() => {
  store.close();
});

/** More than two pieces, every type, and whatever a callId may hold among ordinary ones. */
const oddIds = ['\x1e', 'a\x1fb', '\0', '\ud800', '\uFFFE001e', '\u{1f600}\x1e', '^', '中文^1'];
const messages: NewMessage[] = Array.from({ length: 1_300 }, (_, index) => {
  const callId =
    index % 97 === 0 ? `${oddIds[(index / 97) % oddIds.length]}${index}` : `1000${index}^2000${index}`;
  return {
    type: messageTypes[index % messageTypes.length]!,
    callId,
    digest: Buffer.from(String(index).padStart(16, '0')),
    text: JSON.stringify({ callId, index, note: '\x1e\x1f\0\uFFFE客户' }),
    receivedAt: testStart + index,
    source: 'default',
  };
});

describe('entries read in pieces', () => {
  beforeEach(async () => {
    await store.journalWriter.append({ messages, quarantined: [] });
  });

  it('are those that were written, to the last character', async () => {
    const read = await store.journal.read(0, 5_000);
    expect(read.map(({ seq: _seq, ...entry }) => entry)).toEqual(
      messages.map(({ digest: _digest, ...message }) => message),
    );
    expect(read.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
  });

  it.each([1, 511, 512, 513, 1_024, 1_299, 1_300])(
    'end at the limit of %i, wherever they begin',
    async (limit) => {
      const all = await store.journal.read(0, 5_000);
      expect(await store.journal.read(0, limit)).toEqual(all.slice(0, limit));
      expect(await store.journal.read(700, limit)).toEqual(all.slice(700, 700 + limit));
    },
  );

  it('are none behind the end', async () => {
    expect(await store.journal.read(1_300, 10)).toEqual([]);
  });

  it('skip what was not asked for', async () => {
    const read = await store.journal.read(0, 1_000, ['AlicomAgentCallNote']);
    expect(read).toHaveLength(433);
    expect(new Set(read.map(({ type }) => type))).toEqual(new Set(['AlicomAgentCallNote']));
  });
});
