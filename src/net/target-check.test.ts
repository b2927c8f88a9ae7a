import { describe, expect, it } from 'vitest';
import { createAddressGuard } from './address-guard.js';
import { createTargetCheck } from './target-check.js';

const hosts: Readonly<Record<string, readonly string[]>> = {
  'public.example': ['93.184.215.14'],
  'private.example': ['10.0.0.7', 'fd00::7'],
  'both.example': ['10.0.0.7', '93.184.215.14'],
  'metadata.example': ['100.100.100.200'],
  'empty.example': [],
};

function lookup(hostname: string): Promise<readonly string[]> {
  if (hostname === 'slow.example') return new Promise(() => undefined);
  const found = hosts[hostname];
  return found ? Promise.resolve(found) : Promise.reject(new Error('ENOTFOUND'));
}

const check = (url: string, allow: readonly string[] = []) =>
  createTargetCheck({ guard: createAddressGuard(allow), lookup, timeoutMs: 20 })(url);

describe('a target that is to be saved', () => {
  it.each(['http://public.example/push', 'https://93.184.215.14:8443/', 'http://both.example/'])(
    'is allowed: %s',
    async (url) => {
      expect(await check(url)).toBe('allowed');
    },
  );

  it.each([
    'http://127.0.0.1:8080/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://0.0.0.0/',
    'http://[::]/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://10.1.2.3/',
    'http://169.254.169.254/',
    'http://100.100.100.200/',
    'http://100.64.0.1/',
    'http://[fd00::1]/',
    'http://[fe80::1]/',
    'http://localhost:3000/',
    'http://LOCALHOST./',
    'http://anything.localhost/',
    'http://private.example/',
    'http://metadata.example/',
  ])('is forbidden: %s', async (url) => {
    expect(await check(url)).toBe('forbidden');
  });

  it('is allowed where the operator has allowed its network, but for the metadata service', async () => {
    expect(await check('http://localhost:3000/', ['127.0.0.0/8'])).toBe('allowed');
    expect(await check('http://private.example/', ['10.0.0.0/8'])).toBe('allowed');
    expect(await check('http://100.100.100.200/', ['100.64.0.0/10'])).toBe('forbidden');
  });

  it('has no address yet, or none in time', async () => {
    for (const host of ['unknown.example', 'empty.example', 'slow.example']) {
      expect(await check(`http://${host}/`)).toBe('unresolved');
    }
  });

  it('cannot be asked at all', async () => {
    for (const url of ['http://a@127.0.0.1/', 'ftp://public.example/', 'http:\\\\public.example', 'no URL']) {
      expect(await check(url)).toBe('unreadable');
    }
  });
});
