import { describe, expect, it } from 'vitest';
import { decodeWords, wordsOf } from './answer-words.js';

const long = 'a1'.repeat(20);

describe('what the other side said in words', () => {
  it.each([
    [
      '{"resultCode":"1","resultDesc":"No recording of this call"}',
      '{"resultCode":"1","resultDesc":"No recording of this call"}',
    ],
    ['No such\r\n\tfile', 'No such file'],
    [
      '<?xml version="1.0"?>\n<Error><Code>NoSuchKey</Code><Message>It is not there.</Message><Key>k</Key></Error>',
      'NoSuchKey: It is not there.',
    ],
    ['<error><code>7</code><message><![CDATA[没有录音]]></message></error>', '7: 没有录音'],
    [
      '<!doctype html><html><head><title>502 Bad Gateway</title><style>p{}</style></head><body><p>The\nbackend</p></body>',
      '502 Bad Gateway: The backend',
    ],
    ['<r><a>x</a><b>y</b></r>', 'x y'],
    ['see http://h.example/a?Signature=geheim or https:\\/\\/h.example\\/geheim', 'see [link] or [link]'],
    ['see http%3A%2F%2Fh.example%2Fgeheim', 'see [link]'],
    ['/a.wav?x=geheim gone', '/a.wav?[query] gone'],
    ['{"token":"geheim","code":5}', '{"token=[secret]","code":5}'],
    ['{\\"accessKeySecret\\":\\"geheim\\"}', '{\\"accessKeySecret=[secret]\\"}'],
    ['Authorization: Bearer geheim.geheim', 'Authorization=[secret]'],
    ['wrong Basic Z2VoZWltOmdlaGVpbQ==', 'wrong Basic [secret]'],
    [`key ${long} is off`, 'key [secret] is off'],
    ['x'.repeat(500), `${'x'.repeat(199)}…`],
    ['', undefined],
    [' \n', undefined],
    ['<p></p>', undefined],
    ['\u0000\u0001RIFF', undefined],
  ])('is kept without links and secrets: %j', (said, words) => {
    expect(wordsOf(said)).toBe(words);
  });

  it('is read in GB 18030 too', () => {
    const gbk = Buffer.concat([
      Buffer.from('{"msg":"'),
      Buffer.from([0xc2, 0xbc, 0xd2, 0xf4]),
      Buffer.from('"}'),
    ]);
    expect(decodeWords(gbk)).toBe('{"msg":"录音"}');
    expect(decodeWords(Buffer.from('{"msg":"录音"}'))).toBe('{"msg":"录音"}');
    expect(decodeWords(Buffer.from('录'.repeat(3_000)))).toBe('录'.repeat(3_000));
    expect(wordsOf(decodeWords(Buffer.alloc(100, 0x00)))).toBeUndefined();
  });

  it('is found in time that grows with the text', () => {
    const startedAt = performance.now();
    for (const unit of ['<', '<title>', 'token', '"', ' ', 'http:', '?a', 'a', '%3a', '<script>', '\\'])
      wordsOf(unit.repeat(100_000));
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});
