import { gzipSync } from 'node:zlib';
import type { Random } from '../../domain/clock.js';
import { drawOne } from '../seeded-random.js';
import { jsonHeaders, plainBody } from './push-body.js';
import type { OutgoingMessage, PushBody } from './push-body.js';

/** Oddities of single messages, seen in the wild or at siblings (specification page, sections 1 and 2). */
const oddTexts = {
  'numeric-ids': (text: string) => text.replace(/"(taskId|detailId)":"(\d+)"/g, '"$1":$2'),
  'string-duration': (text: string) => text.replace(/"duration":(\d+)/, '"duration":"$1"'),
  'empty-times': (text: string) => text.replace(/"(startTime|endTime)":"[^"]*"/g, '"$1":""'),
  'null-times': (text: string) => text.replace(/"(startTime|endTime)":"[^"]*"/g, '"$1":null'),
  'unknown-fields': (text: string) =>
    text.replace(/}$/, ',"rate":1.10,"traceNo":12345678901234567890,"extension":{"list":[1,null,""]}}'),
};

/** Oddities of whole bodies: one list of messages becomes one push or more. */
const oddShapes = {
  'bare-object': (messages: readonly OutgoingMessage[]): PushBody[] => {
    const [first, ...others] = messages;
    if (first === undefined) return [];
    const bare = { ...plainBody([first]), bytes: Buffer.from(first.text) };
    return others.length === 0 ? [bare] : [bare, plainBody(others)];
  },
  'empty-array': (messages: readonly OutgoingMessage[]): PushBody[] => [plainBody([]), plainBody(messages)],
  'byte-order-mark': (messages: readonly OutgoingMessage[]): PushBody[] => {
    const plain = plainBody(messages);
    return [{ ...plain, bytes: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), plain.bytes]) }];
  },
  'no-content-type': (messages: readonly OutgoingMessage[]): PushBody[] => [
    { ...plainBody(messages), headers: {} },
  ],
  gzip: (messages: readonly OutgoingMessage[]): PushBody[] => {
    const plain = plainBody(messages);
    return [
      { ...plain, bytes: gzipSync(plain.bytes), headers: { ...jsonHeaders, 'content-encoding': 'gzip' } },
    ];
  },
  'bad-item': (messages: readonly OutgoingMessage[], random: Random): PushBody[] => {
    const bad = drawOne(random, badItems);
    const texts = messages.map(({ text }) => text);
    texts.splice(Math.floor(random() * (texts.length + 1)), 0, bad);
    return [{ ...plainBody(messages), bytes: Buffer.from(`[${texts.join(',')}]`), badItems: 1 }];
  },
};

const badItems = [
  'null',
  '42',
  '"call"',
  '[]',
  '{"duration":12,"recordFile":"http://example.invalid/a.wav"}',
];

export type OddText = keyof typeof oddTexts;
export type OddShape = keyof typeof oddShapes;
export type Oddity = OddText | OddShape;

export const oddities = [...Object.keys(oddTexts), ...Object.keys(oddShapes)] as readonly Oddity[];

/** The messages with the oddity in each, or as they were where it is one of whole bodies. */
export function makeTextsOdd(
  oddity: Oddity,
  messages: readonly OutgoingMessage[],
): readonly OutgoingMessage[] {
  if (!isOddText(oddity)) return messages;
  return messages.map((message) => ({ ...message, text: oddTexts[oddity](message.text) }));
}

/** The pushes that carry the messages, in the oddity's shape if it is one of whole bodies. */
export function makeShapeOdd(
  oddity: Oddity,
  messages: readonly OutgoingMessage[],
  random: Random,
): readonly PushBody[] {
  return isOddText(oddity) ? [plainBody(messages)] : oddShapes[oddity](messages, random);
}

function isOddText(oddity: Oddity): oddity is OddText {
  return oddity in oddTexts;
}
