import { describe, expect, it } from 'vitest';
import { createHostFilter, vendorStorageHosts } from './host-pattern.js';

const filterLink = (patterns: readonly string[]) => {
  const filter = createHostFilter(patterns);
  return (link: string) => {
    const url = new URL(link);
    return filter(url.hostname, Number(url.port || 80));
  };
};

describe('the default host patterns', () => {
  const allows = filterLink(vendorStorageHosts);

  it.each([
    'http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com/x',
    'http://ALICOM-fc-record-biz.cn-hangzhou.OSS.aliyuncs.com/x',
    'http://alicom-fc-record-biz.cn-hangzhou.oss.aliyuncs.com./x',
    'https://bucket.oss-cn-hangzhou.aliyuncs.com/x',
    'https://bucket.oss-cn-hangzhou-internal.aliyuncs.com/x',
    'https://bucket.oss.aliyun-inc.com/x',
    'http://bucket.oss-cn-hangzhou.aliyuncs.com:8080/x',
  ])('let %s pass', (link) => {
    expect(allows(link)).toBe(true);
  });

  it.each([
    'http://evil.com/.oss.aliyuncs.com',
    'http://evil.com?.oss.aliyuncs.com',
    'http://evil.com#.oss.aliyuncs.com',
    'http://evil.com\\.oss.aliyuncs.com',
    'http://a.oss.aliyuncs.com@evil.com/',
    'http://a.oss.aliyuncs.com:80@evil.com/',
    'http://a.oss.aliyuncs.com.evil.com/',
    'http://aossaliyuncs.com/',
    'http://oss.aliyuncs.com/',
    'http://x.oss-aliyuncs.com/',
    'http://127.0.0.1/',
    'http://[::1]/',
  ])('refuse %s', (link) => {
    expect(allows(link)).toBe(false);
  });

  it('refuse a host longer than any name, without trying it on every pattern', () => {
    expect(createHostFilter(['*'])(`${'a.'.repeat(100_000)}oss.aliyuncs.com`, 80)).toBe(false);
  });
});

describe('a host pattern', () => {
  it('matches any port unless it names one', () => {
    expect(filterLink(['media.example.com'])('http://media.example.com:9000/')).toBe(true);
    const oneport = filterLink(['media.example.com:9000', '[::1]:9000']);
    expect(oneport('http://media.example.com:9000/')).toBe(true);
    expect(oneport('http://[::1]:9000/')).toBe(true);
    expect(oneport('http://media.example.com/')).toBe(false);
    expect(oneport('http://[::1]/')).toBe(false);
  });

  it('may be a literal address, in any notation of it', () => {
    const allows = filterLink(['127.0.0.1', '::1', '[2001:db8:0:0::7]', '10.*']);
    for (const host of ['127.0.0.1', '[::1]', '[0:0::1]', '[2001:DB8::7]', '0x7f000001', '10.1.2.3']) {
      expect(allows(`http://${host}/`), host).toBe(true);
    }
    expect(allows('http://127.0.0.2/')).toBe(false);
  });

  it('takes every character but * literally', () => {
    const allows = filterLink(['a.example.com']);
    expect(allows('http://axexample.com/')).toBe(false);
  });

  it.each(['', ' ', 'http://x.com', 'a b', 'x.com/path', 'user@x.com', 'host:0', 'host:70000', '[::1'])(
    'is refused, by name, when it is %j',
    (pattern) => {
      expect(() => createHostFilter([pattern])).toThrow('is no host pattern');
    },
  );
});
