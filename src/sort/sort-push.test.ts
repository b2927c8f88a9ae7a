import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MessageType } from '../protocol/message.js';
import { samplePush } from '../protocol/sample.js';
import type { StoredPush } from '../store/inbox.js';
import { maxSingleItems, sortInPieces, sortPush, wholeBody } from './sort-push.js';

function push(body: string | Uint8Array, pathType?: MessageType): StoredPush {
  return {
    id: 7,
    receivedAt: 1_000,
    source: 'default',
    remoteAddress: '127.0.0.1',
    body: typeof body === 'string' ? Buffer.from(body) : body,
    ...(pathType ? { pathType } : {}),
  };
}

const good = '{"callId":"1^1","recordFile":"http://h.example/a"}';
const textOf = (body: Uint8Array) => Buffer.from(body).toString();

describe('sortPush', () => {
  it("makes a message of the specification's sample, its text as it came", () => {
    const { messages, quarantined } = sortPush(push(samplePush));
    expect(quarantined).toEqual([]);
    expect(messages).toEqual([
      {
        type: 'AlicomAgentCallRecord',
        callId: '10000161****^1000018****',
        digest: expect.any(Uint8Array) as unknown,
        text: samplePush.slice(1, -1),
        receivedAt: 1_000,
        source: 'default',
      },
    ]);
    expect(messages[0]?.digest).toHaveLength(16);
  });

  it('lets the neighbours of a bad item proceed', () => {
    const bad = ['null', '5', '"x"', '[]', '{}', '{"callId":""}', '{"callId":"2"}'];
    const { messages, quarantined } = sortPush(push(`[${bad.map((item) => `${good}, ${item}`).join(',')}]`));
    expect(messages).toHaveLength(bad.length);
    expect(quarantined.map(({ body }) => textOf(body))).toEqual(bad);
    expect(quarantined.map(({ itemIndex }) => itemIndex)).toEqual(bad.map((_item, place) => 2 * place + 1));
    expect(quarantined.map(({ reason }) => reason)).toEqual([
      ...Array<string>(4).fill('not-an-object'),
      ...Array<string>(2).fill('no-call-id'),
      'unknown-type',
    ]);
    expect(quarantined[0]).toMatchObject({ pushId: 7, receivedAt: 1_000, source: 'default' });
  });

  it.each([
    ['[1', 'not-json'],
    ['[{},{"callId":]', 'not-json'],
    ['[{},]', 'not-json'],
    ['[{}] x', 'not-json'],
    ['   ', 'not-json'],
    ['code=0&msg=x', 'not-json'],
    [Buffer.from('[{"callId":"\xe9"}]', 'latin1'), 'not-utf-8'],
    [gzipSync(good).subarray(0, 20), 'gzip-unreadable'],
  ])('puts a body whole into quarantine, exactly as it came: %s', (body, reason) => {
    const received = push(body, 'AlicomAgentCallReport');
    expect(sortPush(received)).toEqual({
      messages: [],
      quarantined: [
        {
          pushId: 7,
          itemIndex: wholeBody,
          receivedAt: 1_000,
          source: 'default',
          pathType: 'AlicomAgentCallReport',
          reason,
          body: received.body,
        },
      ],
    });
  });

  it('makes one item of a body of more elements than any push, however small it came', () => {
    const many = `[${'0,'.repeat(2_000_000)}0]`;
    for (const body of [Buffer.from(many), gzipSync(many)]) {
      const { messages, quarantined } = sortPush(push(body));
      expect(messages).toEqual([]);
      expect(quarantined).toHaveLength(1);
      expect(quarantined[0]).toMatchObject({ itemIndex: wholeBody, reason: 'beyond-bounds' });
      expect(quarantined[0]?.body).toBe(body);
    }
  });

  it('makes one quarantine item of {}, of null and of a scalar', () => {
    for (const body of ['{}', 'null', '-0', '"1^1"', 'true']) {
      const { messages, quarantined } = sortPush(push(body));
      expect(messages).toEqual([]);
      expect(quarantined.map((item) => [item.itemIndex, textOf(item.body)])).toEqual([[0, body]]);
    }
  });

  it('finds nothing in an empty body and in an empty array', () => {
    for (const body of ['', '[]', ' [ ] '])
      expect(sortPush(push(body))).toEqual({ messages: [], quarantined: [] });
  });

  it('lets the path tell the type', () => {
    const { messages } = sortPush(push('[{"callId":"1"}]', 'AlicomAgentCallNote'));
    expect(messages).toMatchObject([{ type: 'AlicomAgentCallNote', callId: '1' }]);
  });

  it('gives the same identity to the same content, however it is written or packed', () => {
    const digests = [
      good,
      good.replace(',', ' ,\n '),
      '{"recordFile":"http:\\/\\/h.example\\/a","callId":"1^1"}',
    ].map((text) => sortPush(push(gzipSync(`[${text}]`))).messages[0]?.digest);
    expect(digests[1]).toEqual(digests[0]);
    expect(digests[2]).toEqual(digests[0]);
    const [other] = sortPush(push(good.replace('/a', '/b'))).messages;
    expect(other?.digest).not.toEqual(digests[0]);
  });
});

describe('sortInPieces', () => {
  const anyItem = fc.constantFrom(good, '{}', 'null', '1.10', '{"callId":12345678901234567890,"callee":1}');

  it('gives every element once and in its place, whatever the size of the pieces', () => {
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 30 }), fc.integer({ min: 1, max: 10 }), (items, size) => {
        const body = push(`[${items.join(',')}]`);
        const pieces = [...sortInPieces(body, { elements: size, characters: Infinity })];
        for (const { messages, quarantined } of pieces) {
          expect(messages.length + quarantined.length).toBeLessThanOrEqual(size);
        }
        const whole = sortPush(body);
        expect(pieces.flatMap(({ messages }) => messages)).toEqual(whole.messages);
        expect(pieces.flatMap(({ quarantined }) => quarantined)).toEqual(whole.quarantined);
        expect(whole.messages.length + whole.quarantined.length).toBe(items.length);
      }),
    );
  });

  it('gives pieces no longer than wanted, but for one element that is', () => {
    const pieces = [
      ...sortInPieces(push(`[${good},${good},{"callId":"${'2'.repeat(500)}","callee":1},${good}]`), {
        elements: 100,
        characters: 120,
      }),
    ];
    expect(pieces.map(({ messages }) => messages.length)).toEqual([3, 1]);
  });

  it('takes the good elements of a body whose last one is no JSON, piece by piece', () => {
    const bounds = { elements: 2, characters: Infinity };
    const pieces = [...sortInPieces(push(`[${good},${good},${good},{"a"]`), bounds)];
    expect(pieces).toMatchObject([
      { messages: { length: 2 }, quarantined: [] },
      { messages: { length: 1 }, quarantined: [{ itemIndex: 3, reason: 'not-json' }] },
    ]);
  });

  it('lays what is no message in bundles once there is much of it, and loses none', () => {
    const items = Array.from({ length: 3_000 }, (_, index) => (index % 3 === 0 ? good : String(index)));
    const pieces = [...sortInPieces(push(`[${items.join(',')}]`), { elements: 900, characters: Infinity })];
    expect(pieces.flatMap(({ messages }) => messages)).toHaveLength(1_000);
    const quarantined = pieces.flatMap((piece) => piece.quarantined);
    const bundles = quarantined.splice(maxSingleItems);
    expect(bundles.map(({ reason }) => reason)).toEqual(Array(3).fill('many-unreadable'));
    const kept = [...quarantined.map(({ body }) => JSON.parse(textOf(body)) as number)].concat(
      ...bundles.map(({ body }) => JSON.parse(textOf(body)) as number[]),
    );
    expect(kept).toEqual(items.filter((item) => item !== good).map(Number));
    expect(new Set(quarantined.concat(bundles).map(({ itemIndex }) => itemIndex)).size).toBe(1_003);
  });
});
