import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recoverElements } from './recover-elements.js';

const good = (id: number, more = '') =>
  `{"callId":"${id}^1","recordFile":"http://h.example/${id}?a=b,c"${more}}`;
const bytesOf = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));
/** Elements as Latin-1, so that bytes which are no text can be compared. */
const recovered = (body: Uint8Array | string, charset?: string) =>
  recoverElements(Buffer.from(body), charset === undefined ? {} : { charset })?.map((element) =>
    typeof element === 'string' ? element : Buffer.from(element).toString('latin1'),
  );

const hello = [0xc4, 0xe3, 0xba, 0xc3];
/** A character whose second byte is that of a backslash. */
const sincere = [0xd5, 0x5c];

describe('recoverElements', () => {
  it('reads what was packed, in whatever way', () => {
    const body = deflateSync('[{"callId":"1","callee":"2"},{broken},{"callId":"2","callee":"2"}]');
    expect(recoverElements(body, { contentEncoding: 'deflate' })).toHaveLength(3);
    expect(recoverElements(body)).toBeUndefined();
  });

  it.each([
    ['a character that ends in a backslash', [...hello, ...sincere]],
    ['two of them', [...sincere, ...sincere]],
    ['one before an escaped quote', [...sincere, 0x5c, 0x22]],
    ['characters that end in brackets', [0xd5, 0x5b, 0xd5, 0x5d, 0xd5, 0x7b, 0xd5, 0x7d]],
    ['one that could be UTF-8', [0xc4, 0x83, ...sincere]],
    ['three bytes that could be UTF-8', [0xe4, 0xbd, 0xa0, 0x5c]],
    ['half a character', [0xc4]],
    ['a byte of Latin-1 before an escape', [0xe9, 0x5c, 0x22]],
    ['bytes of nothing', [0xff, 0xfe, 0x80]],
  ])('takes the neighbours of an item with %s, which keeps its bytes', (_what, strange) => {
    const item = bytesOf('{"callId":"2^1","recordFile":"http://h.example/2","outId":"', strange, '"}');
    for (const chinese of ['', ',"outId":"你好，世界"']) {
      const body = bytesOf('[', good(1, chinese), ' , ', [...item], ',', good(3, chinese), ']');
      for (const charset of [undefined, 'utf-8', 'no-such-charset', 'utf-16']) {
        const elements = recoverElements(body, charset === undefined ? {} : { charset });
        expect(elements?.map((element) => Buffer.from(element))).toEqual(
          [good(1, chinese), item, good(3, chinese)].map((element) => Buffer.from(element)),
        );
      }
    }
  });

  it('reads by the charset that was told what can be read, beside an item that cannot', () => {
    const body = bytesOf(
      '[',
      good(1),
      ',{"callId":"2","outId":"',
      [...hello, ...sincere],
      '"},{"x":"',
      [0xff],
      '"}]',
    );
    expect(recovered(body, 'gbk')).toEqual([good(1), '{"callId":"2","outId":"你好誠"}', '{"x":"\xff"}']);
  });

  it.each([
    ['a quote too few', '{"callId":"2,"outId":"x"}'],
    ['a quote too few at its end', '{"callId":"2","outId":"x}'],
    ['a quote too many', '{"callId":"2","outId":"x"y"}'],
    ['a bracket too few', '{"callId":"2","extra":{"a":1}'],
    ['a value that is none', '{"callId":"2","duration":NaN}'],
    ['a comma too many', '{"callId":"2","outId":"x",}'],
    ['a line break in a text', '{"callId":"2","outId":"a\nb"}'],
    ['single quotes', "{'callId':'2'}"],
    ['a backslash that escapes nothing', '{"callId":"2","outId":"C:\\x"}'],
    ['one word', 'undefined'],
    ['a list of messages inside', `{"callId":"2","x":y,"list":[${good(8)},${good(9)}]}`],
    ['a conversation', '{"callId":"2,"conversationRecord":"[{\\"role\\":\\"a\\"},{\\"role\\":\\"b\\"}]"}'],
  ])('takes the neighbours of an item with %s', (_what, bad) => {
    const all = [good(1), bad, good(3), good(4)];
    expect(recovered(`[${all.join(',')}]`)).toEqual(all);
    expect(recovered(gzipSync(` [ ${all.join(' ,\n')} ] `))).toEqual(all);
    expect(recovered(Buffer.from(`[${all.join(',')}]`, 'utf16le'))).toEqual(all);
    expect(recovered(`\ufeff[${[bad, good(1)].join(',')}]`)).toEqual([bad, good(1)]);
    const twice = recovered(`[${[good(1), bad, good(3), bad, good(5)].join(',')}]`) ?? [];
    expect(twice).toEqual(expect.arrayContaining([good(1), good(3), good(5)]));
    expect(twice.join(',')).toBe([good(1), bad, good(3), bad, good(5)].join(','));
  });

  it('takes an item with a bracket too many, and keeps the bracket', () => {
    expect(recovered(`[${good(1)},${good(2)}},${good(3)}]`)).toEqual([good(1), good(2), '}', good(3)]);
  });

  it('keeps the bytes of an element that holds half a character of UTF-16, and takes the others', () => {
    const half = '{"callId":"2","outId":"\ud800"}';
    const body = Buffer.from(`[${half},${good(1)}]`, 'utf16le');
    expect(recoverElements(body)).toEqual([Buffer.from(half, 'utf16le'), good(1)]);
    expect(recoverElements(Buffer.from(`[${half}]`, 'utf16le'))).toBeUndefined();
  });

  it('keeps bad items that lie beside each other apart where that can be told', () => {
    const all = [good(1), '{"a":x}', '{"b":y}', good(2)];
    expect(recovered(`[${all.join(',')}]`)).toEqual(all);
  });

  it('takes what arrived of an array that was cut off, and what stands before something behind it', () => {
    expect(recovered(`[${good(1)},${good(2)},{"callId":"3`)).toEqual([good(1), good(2), '{"callId":"3']);
    expect(recovered(`[${good(1)},${good(2)}`)).toEqual([good(1), good(2)]);
    expect(recovered(`[${good(1)},,${good(2)},]`)).toEqual([good(1), good(2)]);
    expect(recovered(`[${good(1)}] x`)).toEqual([good(1), '] x']);
  });

  it('finds nothing where nothing is a message', () => {
    for (const body of [
      '',
      'x',
      '[1',
      '[{"callId":"1"},{"a"]',
      '[{}',
      '{"callId":"1","callee":',
      `${good(1)} x`,
    ]) {
      expect(recovered(body)).toBeUndefined();
    }
    expect(recovered(gzipSync(`[${good(1)},x`).subarray(0, 20))).toBeUndefined();
  });

  it('ends, whatever it is given, and keeps every byte but brackets, commas and space', () => {
    const piece = fc.oneof(
      fc.constantFrom(good(1), good(2), '{', '}', '[', ']', ',', '"', '\\', ' ', '{"a":1}', ',{"b":"', '"}'),
      fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const body = Buffer.from(`[${pieces.join('')}`, 'latin1');
        const elements = recoverElements(body);
        if (!elements) return;
        let at = 0;
        for (const element of elements) {
          const found = body.indexOf(element, at);
          expect(found).toBeGreaterThanOrEqual(at);
          expect(body.toString('latin1', at, found)).toMatch(/^[[,\s]*$/);
          at = found + Buffer.from(element).length;
        }
        expect(body.toString('latin1', at)).toMatch(/^[\],\s]*$/);
      }),
      { numRuns: 3_000 },
    );
  });

  it('looks no more than a few times at each character of what is made to be looked at', () => {
    const hostile = [
      `[${good(1)},${'{"a":'.repeat(300_000)}`,
      `[${good(1)},${',{"a'.repeat(300_000)}`,
      `[${good(1)},x${`,{"callId":"1","callee":"","a":[`.repeat(50_000)}`,
      `[${good(1)},x${`,${good(2)}`.repeat(20_000)}]]`,
    ];
    for (const body of hostile) expect(recovered(body)?.[0]).toBe(good(1));
  });
});
