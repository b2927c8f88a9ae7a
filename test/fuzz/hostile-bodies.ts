import { gzipSync } from 'node:zlib';
import type { Random } from '../../src/domain/clock.js';
import { drawOne, drawWhole } from '../../src/simulator/seeded-random.js';

/** Texts of JSON values that parsers, databases and careless code have stumbled over. */
const oddValues = [
  ...[
    'null',
    'true',
    '0',
    '-0',
    '1.10',
    '1E400',
    '-1e-400',
    '0.1e+2',
    '12345678901234567890',
    '9007199254740993',
  ],
  ...[
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\uD83D\\uDE00"',
    '"😀"',
    '"\u2028"',
    '"\\/"',
    '"\u007f"',
  ],
  ...[
    '"a\\"b\\\\"',
    '"\\\\\\""',
    '", 1.5"',
    '"]"',
    '"}{"',
    '[]',
    '{}',
    '[[],{}]',
    '[1,[2,[3,[4.0]]]]',
    '"__proto__"',
  ],
  ...[
    '{"__proto__":{"callId":"x"}}',
    '{"constructor":1,"toString":2}',
    '{"a":1,"a":2}',
    '{"":""}',
    '{"é":1,"e\u0301":2}',
  ],
];

const fieldNames = [
  'taskId',
  'outId',
  'duration',
  'startTime',
  'extra',
  '__proto__',
  'constructor',
  'callId',
  'length',
  '',
];
const typeFields = [
  '"recordFile":"http://x.example/a.wav"',
  '"recordFile":null',
  '"majorIntent":"A"',
  '"statusCode":"200010"',
  '"callee":1',
  '"other":0',
];
const spaces = ['', '', '', ' ', '\n', '\t', '\r\n', '  '];

export interface HostileBody {
  readonly bytes: Buffer;
  /** What was done, for the sentence of a failure. */
  readonly story: string;
}

/** Bodies without end, by chance: well-formed pushes full of oddities, and then most of them damaged. */
export function createHostileBodies(random: Random): () => HostileBody {
  let made = 0;
  let previous: Buffer = Buffer.from('[]');

  const space = () => drawOne(random, spaces);
  const makeElement = (): string => {
    if (random() < 0.15) return drawOne(random, oddValues);
    const callId = random() < 0.1 ? drawOne(random, oddValues) : `"${++made}^${drawWhole(random, 1, 9)}"`;
    const fields = [`"callId":${callId}`, drawOne(random, typeFields)];
    for (let more = drawWhole(random, 0, 4); more > 0; more--) {
      const name = drawOne(random, fieldNames);
      const field = `${JSON.stringify(name)}${space()}:${space()}${drawOne(random, oddValues)}`;
      fields.splice(drawWhole(random, 0, fields.length), 0, field);
    }
    return `{${space()}${fields.join(`${space()},${space()}`)}${space()}}`;
  };
  const makeText = (): string => {
    if (random() < 0.1) return makeElement();
    const elements = Array.from({ length: drawWhole(random, 0, 8) }, makeElement);
    return `${space()}[${space()}${elements.join(`${space()},${space()}`)}${space()}]${space()}`;
  };

  return () => {
    let bytes: Buffer = Buffer.from(makeText());
    const story: string[] = [];
    const damages = drawOne(random, [0, 0, 1, 1, 2, 4]);
    for (let index = 0; index < damages; index++) {
      const name = drawOne(random, damageNames);
      bytes = damage[name](bytes, random, previous);
      story.push(name);
    }
    previous = bytes;
    return { bytes, story: story.join(', ') || 'undamaged' };
  };
}

type Damage = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const cut = (bytes: Buffer, random: Random) => drawWhole(random, 0, bytes.length);
const insert = (bytes: Buffer, at: number, what: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, at), what, bytes.subarray(at)]);

const punctuation = [
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '"',
  '\\',
  '-',
  '.',
  'e',
  '0',
  '\u0000',
  '\u001f',
  '//',
  '/**/',
  'NaN',
];
const foreignSpaces = ['\u00a0', '\ufeff', '\u2028', '\u3000', '\u000b', '\u000c', '\u0085'];
const notUtf8 = [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80]];

const damage = {
  'cut off': (bytes, random) => bytes.subarray(0, cut(bytes, random)),
  'begun late': (bytes, random) => bytes.subarray(cut(bytes, random)),
  'byte changed': (bytes, random) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[drawWhole(random, 0, changed.length - 1)] = drawWhole(random, 0, 255);
    return changed;
  },
  'punctuation put in': (bytes, random) =>
    insert(bytes, cut(bytes, random), Buffer.from(drawOne(random, punctuation))),
  'foreign space put in': (bytes, random) =>
    insert(bytes, cut(bytes, random), Buffer.from(drawOne(random, foreignSpaces))),
  'foreign space around': (bytes, random) =>
    Buffer.concat([
      Buffer.from(drawOne(random, foreignSpaces)),
      bytes,
      Buffer.from(drawOne(random, foreignSpaces)),
    ]),
  'no UTF-8 put in': (bytes, random) =>
    insert(bytes, cut(bytes, random), Buffer.from(drawOne(random, notUtf8))),
  'piece repeated': (bytes, random) => {
    const [from = 0, to = 0] = [cut(bytes, random), cut(bytes, random)].sort((a, b) => a - b);
    return insert(bytes, to, bytes.subarray(from, to));
  },
  'piece of another': (bytes, random, other) =>
    insert(bytes, cut(bytes, random), other.subarray(cut(other, random))),
  'byte order mark': (bytes) => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]),
  'two of them': (bytes, _random, other) => Buffer.concat([bytes, other]),
  gzip: (bytes) => gzipSync(bytes, { level: 1 }),
  'as UTF-16': (bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
} as const satisfies Record<string, Damage>;

const damageNames = Object.keys(damage) as (keyof typeof damage)[];

/** Few and large: each is told by what it is. `items` bounds the ones that hold many. */
export function extremeBodies(items: number): HostileBody[] {
  const deep = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);
  const message = '{"callId":"extreme^1","statusCode":"1"}';
  const bodies: Readonly<Record<string, string | Buffer>> = {
    'arrays 100,000 deep': deep(100_000, '[', ']'),
    'objects 100,000 deep': `[${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}]`,
    'a message 100,000 deep': `[{"callId":"extreme^2","callee":${deep(100_000, '[', ']')}}]`,
    'a number in a message 100,000 deep': `[{"callId":"extreme^3","callee":${'['.repeat(100_000)}1.10${']'.repeat(100_000)}}]`,
    'never closed': '['.repeat(100_000),
    'many messages': `[${Array.from({ length: items }, () => message).join(',')}]`,
    'many messages and one comma too much': `[${Array.from({ length: items }, () => message).join(',')},]`,
    'a number of a million digits': `[{"callId":"extreme^4","callee":${'9'.repeat(1_000_000)}}]`,
    'an id of a million digits': `[{"callId":${'9'.repeat(1_000_000)},"callee":1}]`,
    'zeros in a string': `[{"callId":"extreme^5","callee":":${'0'.repeat(1_000_000)}x"}]`,
    'backslashes in a string': `[{"callId":"extreme^6","callee":"${'\\\\'.repeat(500_000)}\\"${'\\\\'.repeat(500_000)}"}]`,
    'quotes in a string': `[{"callId":"extreme^7","callee":"${'\\"'.repeat(500_000)}"}]`,
    'a hundred thousand fields': `[{"callId":1,"callee":1${Array.from({ length: 100_000 }, (_, index) => `,"f${index}":${index}.0`).join('')}}]`,
    'white space alone': ' \n'.repeat(500_000),
    'commas alone': `[${','.repeat(100_000)}]`,
    'a gzip bomb': gzipSync(Buffer.alloc(65 * 1024 * 1024, 0x20)),
    'gzip in gzip': gzipSync(gzipSync(`[${message}]`)),
    'half a gzip': gzipSync(`[${message}]`).subarray(0, 25),
    'gzip with something behind it': Buffer.concat([gzipSync(`[${message}]`), Buffer.from('more')]),
    'the head of gzip alone': Buffer.from([0x1f, 0x8b]),
    'zeros alone': Buffer.alloc(100_000),
  };
  return Object.entries(bodies).map(([story, body]) => ({ story, bytes: Buffer.from(body) }));
}
