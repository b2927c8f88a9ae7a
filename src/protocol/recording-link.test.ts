import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spellingsOf } from './link-spelling.js';
import { deadlineOf, linkLifetimeMs, pathOf, readRecordingLink } from './recording-link.js';

const base = 'http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com/2025/05/a_record.wav';
/** One of every kind, as its vendor writes it. */
const signatures = [
  'Expires=1748491891&OSSAccessKeyId=x&Signature=y%2B&security-token=s',
  'x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=c&x-oss-date=20250522T043131Z&x-oss-expires=60&x-oss-signature=s&x-oss-additional-headers=host&x-oss-security-token=t',
  'x-oss-signature-version=OSS2&x-oss-expires=1748491891&x-oss-access-key-id=a&x-oss-signature=s',
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c&X-Amz-Date=20250522T043131Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=s&x-id=GetObject',
  'AWSAccessKeyId=x&Signature=y&EXPIRES=1748491891&response-content-disposition=attachment&response-content-type=audio',
  'e=1748491891&token=x:y',
  'q-sign-algorithm=sha1&q-ak=x&q-sign-time=1748400000;1748491891&q-signature=s',
  'sv=2024-01-01&se=2025-05-29T04:11:31Z&sr=b&sp=r&sig=s%3D',
  'Expires=1748491891&Signature=s&Key-Pair-Id=k',
  '',
];

const expiryOf = (query: string) => {
  const expiresAt = readRecordingLink(`${base}?${query}`)?.expiresAt;
  return expiresAt === undefined ? undefined : new Date(expiresAt).toISOString();
};

describe('readRecordingLink', () => {
  it("reads the specification's sample, which does not say when it dies", () => {
    const link = 'http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com/**********';
    expect(readRecordingLink(link)).toEqual({
      link,
      host: 'alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com',
      path: '/**********',
    });
  });

  it('keeps the link as it came, because decoding and encoding it again would break its signature', () => {
    const link = `${base}?Expires=1562740186&OSSAccessKeyId=x&Signature=a%2BMH%2f+b=&%zz`;
    expect(readRecordingLink(link)?.link).toBe(link);
    expect(readRecordingLink(` ${link}\n`)?.link).toBe(link);
  });

  it('takes the path as written, without query and fragment: it is half of the identity', () => {
    const identityOf = (rest: string) => readRecordingLink(`http://Host.example${rest}`)?.path;
    expect(identityOf('/a%2Fb/../C%20d.wav?Expires=1')).toBe('/a%2Fb/../C%20d.wav');
    expect(identityOf('/a//b;c=1#top')).toBe('/a//b;c=1');
    expect(identityOf('/录音.wav')).toBe('/录音.wav');
    expect(identityOf('')).toBe('/');
    expect(identityOf('?Signature=/y')).toBe('/');
  });

  it('takes nothing of a query that signs or expires for part of the identity', () => {
    const identityOf = (query: string) => readRecordingLink(`${base}?${query}`)?.path;
    for (const query of signatures)
      expect([query, identityOf(query)]).toEqual([query, '/2025/05/a_record.wav']);
  });

  it('tells files apart by what else the query says, and by nothing of how it says so', () => {
    const identityOf = (query: string) => readRecordingLink(`http://h.example/record/?${query}`)?.path ?? '';
    const first = identityOf('file=a.wav&token=t');
    expect(first).toMatch(/^\/record\/\?[0-9a-f]{32}$/);
    expect(pathOf(first)).toBe('/record/');
    for (const query of signatures) {
      for (const same of [`file=a.wav&token=t&${query}`, `${query}&TOKEN=t&File=%61.wav`]) {
        // A signature that has a token takes ours for its own.
        if (!query.startsWith('e=')) expect([same, identityOf(same)]).toEqual([same, first]);
      }
    }
    const others = ['file=b.wav&token=t', 'file=a.wav', 'file=a.wav&token=u', 'file=', 'e=5&file=a.wav&x=1'];
    expect(new Set([first, ...others.map(identityOf)]).size).toBe(others.length + 1);
    expect(identityOf('a=1%262&b=3')).not.toBe(identityOf('a=1&2&b=3'));
    expect(identityOf('x-oss-process=audio/a&Expires=1')).not.toBe(identityOf('Expires=1'));
  });

  it("names the host in lower case, with a port that is not the scheme's own", () => {
    const hostOf = (url: string) => readRecordingLink(url)?.host;
    expect(hostOf('HTTP://Bucket.OSS.aliyuncs.COM/x')).toBe('bucket.oss.aliyuncs.com');
    expect(hostOf('http://a.example:8080/x')).toBe('a.example:8080');
    expect(hostOf('http://a.example:80/x')).toBe('a.example');
    expect(hostOf('https://a.example:443/x')).toBe('a.example');
    expect(hostOf('https://a.example:80/x')).toBe('a.example:80');
    expect(hostOf('http://[::1]:81/x')).toBe('[::1]:81');
    expect(hostOf('http://0x7f.1/x')).toBe('127.0.0.1');
  });

  it.each([
    undefined,
    null,
    5,
    '',
    'a.wav',
    '/a.wav',
    'ftp://host/a.wav',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://',
    'http://a b/x',
    'http://host:99999/x',
    'http://user@host/x',
    'http://user:secret@host/x',
    'http://:secret@host/x',
    ['http://host/x'],
    {},
  ])('cannot download from %j', (recordFile) => {
    expect(readRecordingLink(recordFile)).toBeUndefined();
  });
});

describe('the expiry that a link tells', () => {
  it('reads signature V1, UNIX seconds', () => {
    expect(expiryOf('Expires=1562740186&OSSAccessKeyId=a&Signature=b%2BMH')).toBe('2019-07-10T06:29:46.000Z');
  });

  it('reads signature V2, UNIX seconds', () => {
    expect(expiryOf('x-oss-signature-version=OSS2&x-oss-expires=1562740186')).toBe(
      '2019-07-10T06:29:46.000Z',
    );
  });

  it('reads signature V4, seconds after its date', () => {
    const signature = 'x-oss-signature-version=OSS4-HMAC-SHA256';
    expect(expiryOf(`${signature}&x-oss-date=20250522T043131Z&x-oss-expires=604800`)).toBe(
      '2025-05-29T04:31:31.000Z',
    );
    expect(expiryOf(`x-oss-expires=60&x-oss-date=20250522T043131Z&${signature}`)).toBe(
      '2025-05-22T04:32:31.000Z',
    );
  });

  it('reads the style of S3, seconds after its date', () => {
    expect(expiryOf('X-Amz-Date=20250522T043131Z&X-Amz-Expires=3600')).toBe('2025-05-22T05:31:31.000Z');
  });

  it('reads relatives of these', () => {
    const at = '2025-05-29T04:11:31.000Z';
    expect(expiryOf('e=1748491891&token=x:y')).toBe(at);
    expect(expiryOf('q-sign-time=1748400000%3B1748491891')).toBe(at);
    expect(expiryOf('se=2025-05-29T04%3A11%3A31Z&sig=s')).toBe(at);
    expect(expiryOf('X-Goog-Date=20250529T041031Z&X-Goog-Expires=60')).toBe(at);
  });

  it('reads names in any case', () => {
    expect(expiryOf('EXPIRES=1562740186')).toBe('2019-07-10T06:29:46.000Z');
    expect(expiryOf('X-OSS-DATE=20250522T043131Z&X-OSS-EXPIRES=1')).toBe('2025-05-22T04:31:32.000Z');
  });

  it.each([
    '',
    'Signature=abc',
    'Expires=',
    'Expires=soon',
    'Expires=-1',
    'Expires=1.5e9',
    'Expires=0x5d258a5a',
    'Expires=%20',
    'e=1562740186',
    'X-Amz-Expires=3600',
    'X-Amz-Expires=3600&X-Amz-Date=yesterday',
    'x-oss-date=20250522T043131Z',
    'x-oss-date=yesterday&x-oss-expires=3600',
    'x-oss-date=20251322T043131Z&x-oss-expires=3600',
    'x-oss-date=20250230T043131Z&x-oss-expires=3600',
    'x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-expires=3600',
  ])('reads none from %j', (query) => {
    expect(expiryOf(query)).toBeUndefined();
  });
});

describe('a link that went through other hands', () => {
  const link = 'http://h.example/a_record.wav?Expires=1748491891&OSSAccessKeyId=x&Signature=y%2B';
  const traces: Record<string, string> = {
    'no width, behind': `${link}\u200b`,
    'no width, in front': `\ufeff\u2060${link}`,
    'marks of direction': `\u202a${link}\u202c\u200e`,
    'a blank that does not break': `\u00a0${link}\u3000\u00ad`,
    'no width, inside': link.replace('_record', '_\u200drecord').replace('&O', '&\u00adO'),
    'a broken line': link.replace('&O', '&\r\n  O'),
    'an entity': link.replaceAll('&', '&amp;'),
    'an entity, twice': link.replaceAll('&', '&amp;amp;'),
    'an entity in digits': link.replaceAll('&', '&#38;'),
    'an entity in hexadecimal': link.replaceAll('&', '&#x26;'),
    'an encoded entity': link.replaceAll('&', '%26amp%3B'),
    'half an encoded entity': link.replaceAll('&', '%26amp;'),
    'JSON inside JSON': link.replaceAll('&', '\\u0026').replaceAll('/', '\\/'),
    'quotation marks': `"${link}"`,
    'typographic ones': `“${link}”`,
    'angle brackets': `<${link}>`,
    'a bracket left over': `${link}>`,
    'an entity left over': `${link}&quot;`,
    'a sentence around it': `录音：${link}。`,
    'an anchor': `<a href="${link}">x</a>`,
    'a link of Markdown': `[x](${link})`,
    'encoded as a whole': encodeURIComponent(link),
    'encoded at its end': `${link}%E2%80%8B%0A`,
  };

  it.each(Object.entries(traces))('is the link that was meant: %s', (_, trace) => {
    const read = readRecordingLink(trace);
    expect(read).toMatchObject({
      ...{ host: 'h.example', path: '/a_record.wav', expiresAt: 1748491891000, oddities: ['spelling'] },
    });
    expect(spellingsOf(read?.link ?? '')[0]).toBe(link);
  });

  it('is asked for as it came, too, where that is a link', () => {
    const odd = link.replaceAll('&', '&amp;');
    expect(spellingsOf(odd)).toEqual([link, odd]);
    expect(spellingsOf(`“${link}”`)).toEqual([link]);
  });

  it('is asked for without what may be the end of a sentence, after it was asked for with it', () => {
    expect(spellingsOf(`${link}).`)).toEqual([`${link}).`, link]);
    expect(readRecordingLink('http://h.example/a.wav?Expires=1748491891.')?.expiresAt).toBe(1748491891000);
  });

  it('is as it came where nobody left a trace, whatever characters it holds', () => {
    const legal = fc.stringMatching(/^[a-zA-Z0-9%/_~^@:+$|-]{1,40}$/);
    fc.assert(
      fc.property(fc.array(legal, { minLength: 1, maxLength: 4 }), (parts) => {
        const clean = `http://h.example/a?x${parts.filter((part) => !/%/.test(part)).join('&y=')}z`;
        expect(spellingsOf(clean)).toEqual([clean]);
        expect(readRecordingLink(` ${clean}\n`)).toEqual(readRecordingLink(clean));
        expect(readRecordingLink(clean)?.oddities).toBeUndefined();
      }),
    );
    for (const clean of [
      'http://h.example/a b.wav',
      `${base}?Signature=a%2BMH%2f+b=&%zz`,
      'http://h.example/录音.wav',
    ]) {
      expect(spellingsOf(clean)).toEqual([clean]);
    }
  });

  it('takes no parameter of another link for the link', () => {
    expect(readRecordingLink('ftp://h.example/?u=http://other.example/a')).toBeUndefined();
  });

  it('is read in time that grows with its length', () => {
    const startedAt = performance.now();
    for (const unit of ['&amp;', '\u200b', '\\', '%25', '(', 'http:', ' ', '.', '%E2%80%8B', '&#0'])
      for (const text of [`${link}${unit.repeat(20_000)}x`, unit.repeat(20_000)]) readRecordingLink(text);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });
});

describe('deadlineOf', () => {
  const link = readRecordingLink(base)!;
  const at = Date.UTC(2025, 4, 22);
  const week = { at: at + linkLifetimeMs };

  it("takes the link's own word where it can be true", () => {
    for (const expiresAt of [at + 1, at + 10_000, at + 366 * 86_400_000])
      expect(deadlineOf({ expiresAt }, at, at - 5)).toEqual({ at: expiresAt, isDoubted: false });
  });

  it('is seven days after the end of the call, or after the receipt where that is earlier', () => {
    expect(deadlineOf(link, at, at - 1000)).toEqual({ at: at - 1000 + linkLifetimeMs, isDoubted: false });
    expect(deadlineOf(link, at, at + 1000)).toEqual({ ...week, isDoubted: false });
    expect(deadlineOf(link, at)).toEqual({ ...week, isDoubted: false });
    expect(linkLifetimeMs).toBe(604_800_000);
  });

  it('is seven days after the receipt where what was said would be over by then, or lasts for years', () => {
    for (const endAt of [0, Date.UTC(1970, 0, 1), at - linkLifetimeMs])
      expect(deadlineOf(link, at, endAt)).toEqual({ ...week, isDoubted: true });
    for (const expiresAt of [0, 604_800_000, at - 1, at, at + 367 * 86_400_000, Number.MAX_VALUE])
      expect(deadlineOf({ expiresAt }, at)).toEqual({ ...week, isDoubted: true });
  });

  it('reads milliseconds, in every signature', () => {
    const ms = at + 3 * 86_400_000;
    for (const query of [`Expires=${ms}`, `x-oss-expires=${ms}`, `e=${ms}&token=t`, `q-sign-time=1;${ms}`])
      expect(deadlineOf(readRecordingLink(`${base}?${query}`)!, at)).toEqual({ at: ms, isDoubted: true });
  });

  it('is doubted where the link speaks of its end and nobody can read it', () => {
    for (const query of ['Expires=soon', 'X-Amz-Expires=60', 'x-oss-date=20250230T043131Z&x-oss-expires=60'])
      expect(deadlineOf(readRecordingLink(`${base}?${query}`)!, at)).toEqual({ ...week, isDoubted: true });
  });

  it('always lies after the receipt', () => {
    fc.assert(
      fc.property(
        fc.option(fc.double({ noNaN: true, min: 0 })),
        fc.option(fc.integer()),
        (expiresAt, endAt) => {
          const told = expiresAt === null ? {} : { expiresAt };
          const deadline = deadlineOf(told, at, endAt ?? undefined);
          expect(deadline.at).toBeGreaterThan(at);
        },
      ),
    );
  });
});
