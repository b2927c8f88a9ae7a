import { describe, expect, it } from 'vitest';
import { messageTypes, type MessageType } from '../../src/protocol/message.js';
import { drawOne, seededRandom } from '../../src/simulator/seeded-random.js';
import { sortPush, wholeBody } from '../../src/sort/sort-push.js';
import { rounds } from '../support/test-run.js';
import { createHostileBodies, extremeBodies, type HostileBody } from './hostile-bodies.js';
import { areElementsOf, coverAllOf, whatItHolds, type Holds } from './what-it-holds.js';

const bodies = rounds(4_000, 12_000);

describe('Sorting hostile bodies', () => {
  it(`puts every element of ${bodies} into the journal or into quarantine, with its exact text`, () => {
    const random = seededRandom('bodies', 1);
    const next = createHostileBodies(random);
    const kinds = { packed: 0, broken: 0, elements: 0 };
    for (let made = 0; made < bodies; made++) {
      const pathType = random() < 0.1 ? drawOne(random, messageTypes) : undefined;
      kinds[sortAndCompare(next(), pathType)]++;
    }
    // The damage must not have made everything alike.
    expect(kinds.broken).toBeGreaterThan(bodies / 5);
    expect(kinds.elements).toBeGreaterThan(bodies / 5);
  });

  it.each(extremeBodies(100_000))('loses nothing of $story', (body) => {
    sortAndCompare(body);
  });
});

function sortAndCompare(body: HostileBody, pathType?: MessageType): Holds['kind'] {
  const { bytes } = body;
  const holds = whatItHolds(bytes, pathType);
  const sorted = sortPush({
    id: 1,
    receivedAt: 0,
    source: 'fuzz',
    remoteAddress: '127.0.0.1',
    body: bytes,
    ...(pathType ? { pathType } : {}),
  });
  const fail = (what: string) =>
    expect.fail(`${what} (${body.story}): ${bytes.subarray(0, 2_000).toString('latin1')}`);

  const messages = [...sorted.messages];
  const items = new Map(sorted.quarantined.map((item) => [item.itemIndex, item]));
  const whole = items.get(wholeBody);
  if (bytes.length === 0) {
    if (sorted.messages.length + sorted.quarantined.length > 0) fail('something of nothing');
  } else if (whole) {
    if (holds.kind === 'elements') fail('whole, although it is JSON');
    if (messages.length > 0 || items.size > 1) fail('not once and whole');
    if (!bytes.equals(whole.body)) fail('not its exact bytes');
  } else if (holds.kind === 'packed') {
    fail('in pieces, although it does not unpack');
  } else if (holds.kind === 'broken') {
    if (messages.length === 0) fail('in pieces, although none is a message');
    const charset = holds.charset === 'latin1' ? 'latin1' : 'utf8';
    const count = sorted.messages.length + sorted.quarantined.length;
    let place = 0;
    const texts = Array.from({ length: count }, (_, index) => {
      const item = items.get(index)?.body ?? Buffer.from(messages[place++]?.text ?? '');
      return Buffer.from(item).toString(charset);
    });
    // UTF-16 with half a character in it is cut as that, and cannot be compared as Latin-1.
    const isUtf16 = holds.charset === 'latin1' && holds.text.slice(0, 2).includes('\0');
    if (!isUtf16 && !coverAllOf(holds.text, texts)) fail('not all of it');
  } else {
    const texts = holds.elements.map(({ message }, index) => {
      if (!message) return Buffer.from(items.get(index)?.body ?? '').toString();
      const found = messages.shift();
      if (found?.type !== message.type) fail(`element ${index} is no ${message.type}`);
      return found?.text ?? '';
    });
    if (sorted.messages.length + sorted.quarantined.length !== holds.elements.length)
      fail('not every element once');
    if (!areElementsOf(holds.text, texts)) fail('not the exact texts');
  }
  return holds.kind;
}
