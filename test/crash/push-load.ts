import { gzipSync } from 'node:zlib';
import type { Random } from '../../src/domain/clock.js';
import { drawDigits, drawOne, drawWhole } from '../../src/simulator/seeded-random.js';

/** A push to send, and what must be found of it once it was acknowledged. */
export interface LoadPush {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text of each message, unlike any other. */
  readonly messages: readonly string[];
  /** A word of each item that belongs in quarantine, unlike any other; it is in the first 200 characters. */
  readonly badWords: readonly string[];
}

const json = { 'content-type': 'application/json' };

/**
 * Pushes without end, by chance: single ones and twenties, gzip, bare objects, bad items among good ones,
 * bodies that are no JSON, bodies so large that the write-ahead log grows past a checkpoint, repetitions.
 */
export function createPushLoad(random: Random): () => LoadPush {
  const sent: LoadPush[] = [];
  let made = 0;

  const makeMessage = (): string => {
    const number = ++made;
    const callId = `${drawDigits(random, 12)}^${String(number).padStart(12, '0')}`;
    // Most have no link: what archiving does meanwhile is other tests' business. The host of the others is refused.
    const link =
      random() < 0.02
        ? `,"recordFile":"http://refused.example/${number}.wav?Expires=4102444800&Signature=s"`
        : '';
    return (
      `{"callId":"${callId}","taskId":${drawDigits(random, 19)},"statusCode":"200010",` +
      `"duration":1.${drawDigits(random, 2)}0,"startTime":"2025-05-22 12:29:20","outId":"${number}"${link}}`
    );
  };
  const makeMessages = (count: number) => Array.from({ length: count }, makeMessage);
  const makeBadWord = () => `bad-${++made}-${drawDigits(random, 6)}`;

  const kinds: readonly (readonly [share: number, make: () => LoadPush])[] = [
    [40, () => plain(makeMessages(1))],
    [20, () => plain(makeMessages(20))],
    [8, () => gzipped(makeMessages(drawWhole(random, 1, 20)))],
    [5, () => bare(makeMessages(1))],
    [6, () => withBadItem(makeMessages(drawWhole(random, 0, 5)), makeBadWord())],
    [4, () => broken(makeMessages(1), makeBadWord())],
    [2, () => noPush(makeBadWord())],
    [4, () => padded(makeMessages(2), drawWhole(random, 200_000, 1_500_000))],
    [1, () => plain([])],
    [10, () => (sent.length === 0 ? plain(makeMessages(1)) : drawOne(random, sent))],
  ];
  const total = kinds.reduce((sum, [share]) => sum + share, 0);

  return () => {
    let draw = random() * total;
    for (const [share, make] of kinds) {
      draw -= share;
      if (draw >= 0) continue;
      const push = make();
      // Of the large ones a few hundred bytes are wanted again, not the padding.
      if (push.body.length < 50_000) sent.push(push);
      return push;
    }
    return plain(makeMessages(1));
  };
}

function plain(messages: readonly string[]): LoadPush {
  return { body: Buffer.from(`[${messages.join(',')}]`), headers: json, messages, badWords: [] };
}

function bare(messages: readonly string[]): LoadPush {
  return { ...plain(messages), body: Buffer.from(messages.join('')) };
}

function gzipped(messages: readonly string[]): LoadPush {
  const push = plain(messages);
  return { ...push, body: gzipSync(push.body), headers: { ...json, 'content-encoding': 'gzip' } };
}

function padded(messages: readonly string[], bytes: number): LoadPush {
  return { ...plain(messages), body: Buffer.from(`[${messages.join(`,${' '.repeat(bytes)}`)}]`) };
}

/** An item that is no message, in the midst of some that are. */
function withBadItem(messages: readonly string[], word: string): LoadPush {
  const items = [...messages];
  items.splice(Math.floor(items.length / 2), 0, `{"noCallId":"${word}"}`);
  return { ...plain(messages), body: Buffer.from(`[${items.join(',')}]`), badWords: [word] };
}

/** No JSON as a whole: of its elements one is broken, and the others are messages. */
function broken(messages: readonly string[], word: string): LoadPush {
  const body = Buffer.from(`[${messages.join(',')},{"word":"${word}]`);
  return { ...plain(messages), body, badWords: [word] };
}

/** Told apart by its first byte, answered with `code` 1, and kept all the same. */
function noPush(word: string): LoadPush {
  return { body: Buffer.from(`${word} is no JSON`), headers: {}, messages: [], badWords: [word] };
}
