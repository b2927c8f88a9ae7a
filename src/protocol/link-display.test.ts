import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  hideLinks,
  hideLinksIn,
  hideLinksInBytes,
  hideLinksInJson,
  hideLinksInSteps,
} from './link-display.js';
import { patience } from '../../test/support/test-run.js';

const secret = 'Expires=1748491891&OSSAccessKeyId=id&Signature=sEcReT%2B';
const link = `http://storage.example/a%20b.wav?${secret}`;

describe('links of an answer', () => {
  it('are host and digest, alone and among words', () => {
    const shown = hideLinks(link);
    expect(shown).toMatch(/^http:\/\/storage\.example\/…[0-9a-f]{12}$/);
    expect(hideLinks(`see ${link} and "${link}", please`)).toBe(`see ${shown} and "${shown}", please`);
    expect(hideLinks(`/a.wav?${secret}`)).toMatch(/^…[0-9a-f]{12}$/);
    expect(hideLinks(link)).not.toBe(hideLinks(`${link}x`));
  });

  it.each([
    'http://user:sEcReT@storage.example/a.wav',
    'http://sEcReT@storage.example',
    'http://user:p%40sEcReT@storage.example/a',
    'http://storage.example/sEcReT/a.wav',
    'http://storage.example/a.wav;sig=sEcReT',
    'http://storage.example/a.wav#sEcReT',
    'http://storage.example/a b sEcReT.wav',
    'HTTP://storage.example?sEcReT',
    'http:\\/\\/storage.example\\/sEcReT',
    'http%3A%2F%2Fu%3AsEcReT%40storage.example%2FsEcReT',
    'recordFile=http://storage.example/sEcReT',
  ])('show nothing that may open them: %s', (text) => {
    for (const hidden of [hideLinks(text), hideLinksInJson(JSON.stringify({ text }))]) {
      expect(hidden).not.toMatch(/sEcReT/);
      expect(hidden.toLowerCase()).toContain('storage.example');
    }
  });

  it('are not shown by the path of a recording either', () => {
    const recording = { callId: '1^2', host: 'h', path: '/sEcReT', deadlineAt: 'x' };
    expect(JSON.stringify(hideLinksIn([{ recording }]))).not.toContain('sEcReT');
    expect(hideLinksIn({ path: '/recordings', host: 'h' })).toEqual({ path: '/recordings', host: 'h' });
  });

  it('are found however they are written', () => {
    const ways = [
      link.replaceAll('/', String.raw`\/`),
      link.replaceAll('?', String.raw`\u003f`).replaceAll('&', String.raw`\u0026`),
      encodeURIComponent(link),
      encodeURIComponent(encodeURIComponent(link)),
      `recordFile=${encodeURIComponent(link)}&callId=1`,
      JSON.stringify(JSON.stringify({ recordFile: link })),
      `<a href='${link}'>`,
    ];
    for (const way of ways) {
      for (const hidden of [hideLinks(way), hideLinksInJson(way), hideLinksInJson(`{"note":${way}`)]) {
        expect(hidden).not.toContain('sEcReT');
      }
    }
  });

  it('leave what is no link as it is', () => {
    for (const text of ['Really?', 'what? and a = b', 'a=b&c=d', '1^2', '']) {
      expect(hideLinks(text)).toBe(text);
    }
  });

  it('are hidden in every string of a value', () => {
    expect(hideLinksIn({ a: [link, 1, null, { b: link }], c: true })).toEqual({
      a: [hideLinks(link), 1, null, { b: hideLinks(link) }],
      c: true,
    });
  });

  it('are cut out of JSON text without a digit of the rest changing', () => {
    const text = `{ "n": 1.10, "e": 1E400, "recordFile" : ${JSON.stringify(link).replaceAll('/', String.raw`\/`)}, "s": "\\ud800", "d": 1, "d": -0 }`;
    expect(hideLinksInJson(text)).toBe(
      `{ "n": 1.10, "e": 1E400, "recordFile" : "${hideLinks(link)}", "s": "\\ud800", "d": 1, "d": -0 }`,
    );
  });

  it('are hidden in whatever JSON holds them, and it stays JSON', () => {
    const holder = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(link),
        fc.string(),
        fc.integer(),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('value')),
      object: fc.dictionary(fc.string(), tie('value')),
    }));
    fc.assert(
      fc.property(holder.value, (value) => {
        const hidden = hideLinksInJson(JSON.stringify(value));
        expect(hidden).not.toContain('sEcReT');
        JSON.parse(hidden);
      }),
    );
  });

  it('are found in long texts as in short ones, which are looked through in steps', () => {
    const word = fc.constantFrom('word', link, '文', 'a?b=c', '\\u003f', '"', '<', 'http:', '//host');
    const blank = fc.constantFrom(' ', '\n', '\u00a0', '\u3000 ');
    fc.assert(
      fc.property(fc.array(fc.tuple(word, blank), { minLength: 1, maxLength: 30 }), (pairs) => {
        const some = pairs.flat().join('');
        const long = some.repeat(Math.ceil(200_000 / some.length));
        expect(JSON.parse(hideLinksInJson(JSON.stringify(long)))).toBe(hideLinks(long));
        const steps = [...hideLinksInSteps(JSON.stringify([long, 1]))];
        expect(steps.length).toBeGreaterThan(3);
      }),
      { numRuns: 20 },
    );
  });

  it('make bytes that are no text unreadable as a whole', () => {
    expect(Buffer.from(hideLinksInBytes(Buffer.from(`[{"recordFile":"${link}"}`)) ?? '').toString()).toBe(
      `[{"recordFile":"${hideLinks(link)}"}`,
    );
    expect(hideLinksInBytes(Buffer.from(link, 'utf16le'))).toBeUndefined();
    expect(hideLinksInBytes(Buffer.from([0x1f, 0x8b, 0x08, 0x00, 0xff]))).toBeUndefined();
  });

  it('are searched in time that grows with the text, not with its square', () => {
    const startedAt = performance.now();
    for (const unit of ['://', 'a', '"', '\\', '?', '%3', 'a:', '"\\'])
      hideLinksInBytes(Buffer.from(unit.repeat(300_000)));
    expect(performance.now() - startedAt).toBeLessThan(5_000 * patience);
  });
});
