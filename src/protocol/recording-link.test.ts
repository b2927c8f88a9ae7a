import { describe, expect, it } from 'vitest';
import { deadlineOf, linkLifetimeMs, readRecordingLink } from './recording-link.js';

const base = 'http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com/2025/05/a_record.wav';
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
    const pathOf = (rest: string) => readRecordingLink(`http://Host.example${rest}`)?.path;
    expect(pathOf('/a%2Fb/../C%20d.wav?x=1')).toBe('/a%2Fb/../C%20d.wav');
    expect(pathOf('/a//b;c=1#top')).toBe('/a//b;c=1');
    expect(pathOf('/录音.wav')).toBe('/录音.wav');
    expect(pathOf('')).toBe('/');
    expect(pathOf('?x=/y')).toBe('/');
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
    'Expires=1562740186123456789',
    'Expires=%20',
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

  it('takes no instant that is no date', () => {
    expect(expiryOf('Expires=999999999999999')).toBe('9999-12-31T23:59:59.999Z');
  });
});

describe('deadlineOf', () => {
  const link = { link: base, host: 'h', path: '/p' };
  const at = Date.UTC(2025, 4, 22);

  it("takes the link's own word, whatever it is", () => {
    expect(deadlineOf({ ...link, expiresAt: 5 }, at, at)).toBe(5);
  });

  it('is seven days after the end of the call, or after the receipt where that is earlier', () => {
    expect(deadlineOf(link, at, at - 1000)).toBe(at - 1000 + linkLifetimeMs);
    expect(deadlineOf(link, at, at + 1000)).toBe(at + linkLifetimeMs);
    expect(deadlineOf(link, at)).toBe(at + linkLifetimeMs);
    expect(linkLifetimeMs).toBe(604_800_000);
  });
});
