import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCharset } from './charset.js';
import { parsePush } from './parse-push.js';
import { samplePush } from './sample.js';

describe('parsePush', () => {
  it("reads the specification's own sample", () => {
    const { messages, unreadable } = parsePush(samplePush);
    expect(unreadable).toEqual([]);
    expect(messages).toMatchObject([
      { type: 'AlicomAgentCallRecord', callId: '10000161****^1000018****', message: { duration: 125 } },
    ]);
    expect(`[${messages[0]?.text ?? ''}]`).toBe(samplePush);
  });

  it('tells each message by its fields, and by the address where that names a type', () => {
    const body =
      '[{"callId":"1","recordFile":""},{"callId":"2","callee":"3"},{"callId":"3","majorIntent":"A"}]';
    expect(parsePush(body).messages.map(({ type }) => type)).toEqual([
      'AlicomAgentCallRecord',
      'AlicomAgentCallReport',
      'AlicomAgentCallNote',
    ]);
    const named = parsePush('{"callId":"1"}', 'AlicomAgentCallNote');
    expect(named.messages.map(({ type }) => type)).toEqual(['AlicomAgentCallNote']);
  });

  it('takes a bare message, none at all, a byte order mark and gzip', () => {
    const bare = '{"callId":"通话^1","recordFile":"http://a.invalid/1"}';
    for (const body of [bare, `\uFEFF${bare}`, ` [${bare}] `, Buffer.from(bare), gzipSync(`[${bare}]`)]) {
      expect(parsePush(body).messages.map(({ text }) => text)).toEqual([bare]);
    }
    for (const body of ['', '[]', new Uint8Array()]) {
      expect(parsePush(body)).toEqual({ messages: [], unreadable: [] });
    }
  });

  it('keeps every digit in the text, and in a callId that came as a number', () => {
    const text = '{ "callId": 12345678901234567890, "taskId": 1.10, "recordFile": "" }';
    expect(parsePush(`[${text}]`).messages).toMatchObject([{ callId: '12345678901234567890', text }]);
  });

  it('names what is no message by its place, and reads its neighbours', () => {
    const good = '{"callId":"1","recordFile":""}';
    const { messages, unreadable } = parsePush(`[${good},null,{"recordFile":""},{"callId":"2"},${good}]`);
    expect(messages.map(({ text }) => text)).toEqual([good, good]);
    expect(unreadable).toEqual([
      { index: 1, reason: 'not-an-object', text: 'null' },
      { index: 2, reason: 'no-call-id', text: '{"recordFile":""}' },
      { index: 3, reason: 'unknown-type', text: '{"callId":"2"}' },
    ]);
  });

  it('names what is no JSON by its place, and reads its neighbours', () => {
    const good = '{"callId":"1","recordFile":""}';
    for (const [rest, ...unreadable] of [[''], ['x]', 'x'], ['{"callId":"2', '{"callId":"2']]) {
      const parsed = parsePush(`[${good},${rest ?? ''}`);
      expect(parsed.messages.map(({ text }) => text)).toEqual([good]);
      expect(parsed.unreadable).toEqual(unreadable.map((text) => ({ index: 1, reason: 'not-json', text })));
    }
  });

  it('reads the charset that is told', () => {
    const [before, after] = ['[{"callId":"1","recordFile":"","outId":"', '"}]'];
    const body = Buffer.concat([Buffer.from(before), Buffer.from('c4e3bac3d55c', 'hex'), Buffer.from(after)]);
    const charset = readCharset('application/json; charset="GBK"');
    expect(parsePush(body, undefined, charset === undefined ? {} : { charset }).messages).toMatchObject([
      { message: { outId: '你好誠' } },
    ]);
  });

  it('names a body of which nothing is a message as a whole', () => {
    for (const body of ['[{"callId":"1"},', '[{"callId":"1"},x]', 'hello']) {
      expect(parsePush(body)).toEqual({ messages: [], unreadable: [{ reason: 'not-json' }] });
    }
    expect(parsePush(Buffer.from([0x5b, 0xff, 0x5d])).unreadable).toEqual([{ reason: 'not-utf-8' }]);
    expect(parsePush(Buffer.from([0x1f, 0x8b, 1])).unreadable).toEqual([{ reason: 'gzip-unreadable' }]);
  });

  it('never throws, and loses no element', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), fc.string(), fc.json()), (body) => {
        parsePush(body);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (elements) => {
        const { messages, unreadable } = parsePush(JSON.stringify(elements));
        expect(messages.length + unreadable.length).toBe(elements.length);
      }),
    );
  });
});
