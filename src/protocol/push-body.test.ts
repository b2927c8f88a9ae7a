import { randomBytes } from 'node:crypto';
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGzip, maxUnpackedBytes } from './content-coding.js';
import { maxElements } from './element-bounds.js';
import { readElement, readId, splitPush } from './push-body.js';
import { samplePush } from './sample.js';

const split = (body: string | Uint8Array) => splitPush(typeof body === 'string' ? Buffer.from(body) : body);
const bom = Buffer.from([0xef, 0xbb, 0xbf]);

describe('splitPush', () => {
  it("reads the specification's own sample", () => {
    expect(split(samplePush)).toEqual({ elements: [samplePush.slice(1, -1)] });
  });

  it('takes a bare object, and any other bare value, as an array of one', () => {
    for (const text of ['{"callId":"1^1"}', '{}', 'null', '5', '-0', '1E400', '"x"', 'true']) {
      expect(split(`\r\n ${text}\t`)).toEqual({ elements: [text] });
    }
  });

  it('finds nothing in an empty array', () => {
    expect(split('[]')).toEqual({ elements: [] });
    expect(split('\n[ ]\n')).toEqual({ elements: [] });
  });

  it('passes over a byte order mark', () => {
    expect(split(Buffer.concat([bom, Buffer.from('[1]')]))).toEqual({ elements: ['1'] });
    expect(split(Buffer.concat([bom, Buffer.from('{"a":"\ufeff"}')]))).toEqual({
      elements: ['{"a":"\ufeff"}'],
    });
    expect(split(gzipSync(Buffer.concat([bom, Buffer.from('[1]')])))).toEqual({ elements: ['1'] });
  });

  it('keeps every digit of every element', () => {
    const element =
      '{"callId":12345678901234567890,"a":1.10,"b":1E400,"c":-0,"d":"\\ud800","e":"\\u0000","e":1}';
    expect(split(`[${element}, ${element}]`)).toEqual({ elements: [element, element] });
  });

  it('tells gzip by its first bytes', () => {
    expect(split(gzipSync('[1,2]'))).toEqual({ elements: ['1', '2'] });
    expect(split(Buffer.concat([gzipSync('[1,'), gzipSync('2]')]))).toEqual({ elements: ['1', '2'] });
    expect(isGzip(deflateSync('[1]'))).toBe(false);
  });

  const array = Buffer.from('[{"callId":"1"},2]');
  const elements = ['{"callId":"1"}', '2'];
  it.each([
    ['gzip', gzipSync(array)],
    ['x-gzip', gzipSync(array)],
    ['GZip ', gzipSync(array)],
    ['deflate', deflateSync(array)],
    ['deflate', deflateRawSync(array)],
    ['deflate', deflateSync(array, { level: 0 })],
    ['x-deflate', deflateSync(array)],
    ['br', brotliCompressSync(array)],
    ['identity', array],
    ['identity, br', brotliCompressSync(array)],
    ['deflate, gzip', gzipSync(deflateSync(array))],
    ['gzip,br', brotliCompressSync(gzipSync(array))],
    ['gzip, gzip', gzipSync(gzipSync(array))],
    // Packed once more than it says; less than it says; unpacked on the way; unknown, and yet plain.
    ['br', brotliCompressSync(gzipSync(array))],
    ['gzip, gzip', gzipSync(array)],
    ['deflate', gzipSync(array)],
    ['gzip', array],
    ['deflate', array],
    ['br', Buffer.from(`\ufeff\r\n ${array.toString()}`)],
    ['zstd', array],
  ])('unpacks what says %j', (coding, body) => {
    expect(splitPush(body, { contentEncoding: coding })).toEqual({ elements });
  });

  it('calls what does not unpack as it says unreadable, and tells bombs by the same bound', () => {
    const bomb = Buffer.alloc(maxUnpackedBytes + 1, ' ');
    for (const [coding, body] of [
      ['deflate', deflateSync(randomBytes(500)).subarray(0, 400)],
      ['br', brotliCompressSync(randomBytes(500)).subarray(0, 400)],
      ['deflate', deflateSync(bomb, { level: 1 })],
      ['deflate', deflateRawSync(bomb, { level: 1 })],
      ['br', brotliCompressSync(bomb, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
      ['gzip, br', brotliCompressSync(gzipSync(bomb, { level: 1 }))],
    ] as const) {
      expect(splitPush(body, { contentEncoding: coding })).toEqual({ unreadable: 'coding-unreadable' });
    }
  });

  it('calls gzip that does not unpack unreadable', () => {
    const whole = gzipSync(randomBytes(2_000));
    expect(split(whole.subarray(0, whole.length - 20))).toEqual({ unreadable: 'gzip-unreadable' });
    expect(split(Buffer.from([0x1f, 0x8b]))).toEqual({ unreadable: 'gzip-unreadable' });
    expect(split(Buffer.concat([whole.subarray(0, 30), randomBytes(100)]))).toEqual({
      unreadable: 'gzip-unreadable',
    });
  });

  it('unpacks 64 MiB and not a byte more', () => {
    const most = Buffer.alloc(maxUnpackedBytes, ' ');
    most[0] = 0x5b;
    most[most.length - 1] = 0x5d;
    expect(split(gzipSync(most, { level: 1 }))).toEqual({ elements: [] });
    const bomb = gzipSync(Buffer.alloc(maxUnpackedBytes + 1, ' '), { level: 1 });
    expect(split(bomb)).toEqual({ unreadable: 'gzip-unreadable' });
  });

  it('refuses what is not UTF-8 where no other charset was told, also inside gzip', () => {
    const latin1 = Buffer.from('[{"callId":"\xe9"}]', 'latin1');
    expect(split(latin1)).toEqual({ unreadable: 'not-utf-8' });
    expect(split(gzipSync(latin1))).toEqual({ unreadable: 'not-utf-8' });
    expect(split(Buffer.from('[1]', 'utf16le').subarray(0, 5))).not.toHaveProperty('elements', ['1']);
    expect(splitPush(gzipSync(latin1), { charset: 'latin1' })).toEqual({ elements: ['{"callId":"é"}'] });
  });

  it('takes no more elements than a push can hold', () => {
    const most = `[${'1,'.repeat(maxElements - 1)}1]`;
    expect(split(most)).toMatchObject({ elements: { length: maxElements } });
    expect(split(most.replace('1', '1,1'))).toEqual({ unreadable: 'beyond-bounds' });
  });

  it.each(['[1', '[1]]', '[1] [2]', '[{"a":1}', '[{"a":"]'])('says that %j is not JSON', (body) => {
    expect(split(body)).toEqual({ unreadable: 'not-json' });
  });

  it('agrees with a parser on what is an array of values', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      '"',
      '\\',
      '1',
      '-0',
      'null',
      '"a"',
      '{"a":1}',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = `[${pieces.join('')}`;
        const parts = split(text);
        const areAllJson = 'elements' in parts && parts.elements.every(isJson);
        expect(areAllJson).toBe(isJson(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('readElement', () => {
  const recordText = '{"callId":"1^1","recordFile":"http://x/y"}';

  it('reads a message with its type and callId', () => {
    expect(readElement(recordText)).toMatchObject({
      kind: 'message',
      type: 'AlicomAgentCallRecord',
      callId: '1^1',
    });
  });

  it('lets the path win over the fields', () => {
    expect(readElement(recordText, 'AlicomAgentCallNote')).toMatchObject({ type: 'AlicomAgentCallNote' });
    expect(readElement('{"callId":"1"}', 'AlicomAgentCallReport')).toMatchObject({
      type: 'AlicomAgentCallReport',
    });
  });

  it.each([
    ['{"callId":"1"', 'not-json'],
    ['', 'not-json'],
    ['null', 'not-an-object'],
    ['5', 'not-an-object'],
    ['"1^1"', 'not-an-object'],
    ['[{"callId":"1"}]', 'not-an-object'],
    ['{}', 'no-call-id'],
    ['{"callId":""}', 'no-call-id'],
    ['{"callId":null}', 'no-call-id'],
    ['{"callId":{"a":1}}', 'no-call-id'],
    ['{"callid":"1"}', 'no-call-id'],
    ['{"callId":"1"}', 'unknown-type'],
  ])('says why %j is no message', (text, reason) => {
    expect(readElement(text)).toEqual({ kind: 'unreadable', reason });
  });

  it('takes a callId that came as a number digit for digit', () => {
    const idOf = (digits: string) => readElement(`{"callee":"", "callId" : ${digits} }`);
    for (const digits of ['12345678901234567890', '1.10', '1E400', '-0', '7']) {
      expect(idOf(digits)).toMatchObject({ kind: 'message', callId: digits });
    }
  });

  it('takes the last of two callIds, as parsers do', () => {
    expect(readElement('{"callId":"a","callee":"","callId":18446744073709551616}')).toMatchObject({
      callId: '18446744073709551616',
    });
  });

  it('is not taken in by names that objects inherit', () => {
    expect(readElement('{"callId":"1","__proto__":{"recordFile":"http://x/y"}}')).toMatchObject({
      kind: 'unreadable',
      reason: 'unknown-type',
    });
  });

  it.each(['callId', 'taskId', 'detailId', 'batchId', 'outId'])('takes no %s of more than 4 KiB', (name) => {
    const read = (id: string) => readElement(`{"callId":"1","outId":"","${name}":${id}}`);
    for (const id of ['x'.repeat(4_096), '话'.repeat(1_365), '😀'.repeat(1_024)]) {
      expect(read(JSON.stringify(id))).toMatchObject({ kind: 'message' });
      expect(read(JSON.stringify(`${id}话`))).toEqual({ kind: 'unreadable', reason: 'id-too-long' });
    }
    expect(read('7'.repeat(4_096))).toMatchObject({ kind: 'message' });
    expect(read('7'.repeat(4_097))).toEqual({ kind: 'unreadable', reason: 'id-too-long' });
  });

  it('says of bytes that they are no text', () => {
    expect(readElement(Buffer.from('{}'))).toEqual({ kind: 'unreadable', reason: 'not-utf-8' });
  });

  const nested = (depth: number, open = '[', close = ']') => open.repeat(depth) + close.repeat(depth);
  it.each([
    ['nested deeper than 200', nested(200), nested(199)],
    [
      'nested in objects',
      `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`,
      `${'{"a":'.repeat(199)}1${'}'.repeat(199)}`,
    ],
    ['nested three million deep', nested(3_000_000), nested(100)],
    ['of too many values', `[${'1,'.repeat(50_000)}1]`, `[${'1,'.repeat(49_000)}1]`],
    [
      'of too many keys',
      `{${Array.from({ length: 30_000 }, (_, key) => `"${key}":1`).join(',')}}`,
      `{${Array.from({ length: 20_000 }, (_, key) => `"${key}":1`).join(',')}}`,
    ],
    ['too long', JSON.stringify('x'.repeat(17_000_000)), JSON.stringify('[{,:'.repeat(4_000_000))],
  ])('parses nothing that is %s', (_what, beyond, within) => {
    const read = (text: string) => readElement(`{"callId":"1","recordFile":${text}}`);
    expect(read(beyond)).toEqual({ kind: 'unreadable', reason: 'beyond-bounds' });
    expect(read(within)).toMatchObject({ kind: 'message' });
  });
});

describe('readId', () => {
  it('has no id where there is none', () => {
    const text = '{"a":"","b":null,"c":true,"d":[1]}';
    const value = JSON.parse(text) as Record<string, unknown>;
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(readId(text, value, name)).toBeUndefined();
  });

  it('keeps an id that is text as it is, whatever its characters', () => {
    fc.assert(
      fc.property(fc.uint16Array({ minLength: 1 }), (units) => {
        const id = String.fromCharCode(...units);
        const text = JSON.stringify({ id });
        expect(readId(text, JSON.parse(text) as Record<string, unknown>, 'id')).toBe(id);
      }),
    );
  });
});
