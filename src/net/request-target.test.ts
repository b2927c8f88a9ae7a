import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget } from './request-target.js';

const pathOf = (url: string) => parseTarget(url).path;

describe('the target of a request', () => {
  it('has the path and query byte for byte', () => {
    for (const path of [
      '/a%2bb%2Bc?Signature=x%2b%2B%2f=&y=1+2',
      '/100001^200002_record.wav?Expires=1&x=^|`{}"<>\'[]',
      '/a/../b/./c//d?..',
      '/%7Euser/~user/%41',
      '/?',
      '/a?b?c',
    ]) {
      expect(pathOf(`http://h.example${path}`)).toBe(path);
    }
  });

  it('leaves every path of printable ASCII as it is', () => {
    const printable = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(
      fc.property(printable, (path) => {
        fc.pre(!path.includes('#'));
        expect(pathOf(`http://h.example/${path}`)).toBe(`/${path}`);
      }),
    );
  });

  it('encodes only what cannot stand in a request line', () => {
    expect(pathOf('http://h.example/a b%20c?录音=1 2')).toBe('/a%20b%20c?%E5%BD%95%E9%9F%B3=1%202');
  });

  it('adds the slash that a bare host lacks and drops the fragment', () => {
    expect(pathOf('http://h.example')).toBe('/');
    expect(pathOf('http://h.example?a=1#b')).toBe('/?a=1');
  });

  it('names host and port as a browser would', () => {
    expect(parseTarget('HTTP://ExAmple.com:80/')).toMatchObject({ hostname: 'example.com', port: 80 });
    expect(parseTarget('https://h.example/')).toMatchObject({ origin: 'https://h.example', port: 443 });
    expect(parseTarget('http://0x7f000001:8080/')).toMatchObject({ hostname: '127.0.0.1', port: 8080 });
    expect(parseTarget('http://[::FFFF:127.0.0.1]/')).toMatchObject({ hostname: '[::ffff:7f00:1]' });
  });

  it.each([
    'ftp://h.example/x',
    'file:///etc/passwd',
    '//h.example/x',
    'http:/h.example/x',
    'http:\\\\h.example/x',
    'http://h.example\\@evil.com/',
    'http://user@h.example/',
    'http://a.oss.aliyuncs.com:80@evil.com/',
    'http://h.exam\nple/',
    ' http://h.example/',
    'http://h.example/a\r\nX-Injected: 1',
    'http:///x',
    'http://h.example:99999/',
    '',
  ])('refuses %j', (url) => {
    expect(() => parseTarget(url)).toThrow(expect.objectContaining({ reason: 'bad-url' }));
  });

  it('never shows the URL in its error', () => {
    expect(() => parseTarget('http://u:secret@h.example/?Signature=secret')).toThrow(
      /^not a plain http or https URL$/,
    );
  });
});
