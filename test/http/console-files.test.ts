import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from './open-test-api.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';

const script = 'console.log("the console")';
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

let api: TestApi | undefined;

afterEach(async () => {
  await api?.close();
  api = undefined;
});

async function serve({ isBuilt = true, serves = { api: true } } = {}): Promise<TestApi> {
  const folder = makeTemporaryFolder();
  if (isBuilt) {
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<script nonce="__EARSHOT_NONCE__"></script><p>the page');
    await writeFile(join(folder, 'assets', 'index-1a2b.js'), script);
    await writeFile(join(folder, 'assets', 'index-1a2b.js.gz'), gzipSync(script));
    await writeFile(join(folder, 'secret.txt'), 'not an asset');
  }
  const createNonce = (): string => randomBytes(18).toString('base64');
  api = await openTestApi({ server: { consoleFiles: { folder, createNonce }, serves } });
  return api;
}

describe('the page of the console', () => {
  it('is served without a key at the root and wherever a person may have followed a link to', async () => {
    const { baseUrl } = await serve();
    for (const path of ['/', '/calls', '/calls/1%5E2?q=x', '/settings/people', '/calls/a.wav']) {
      const response = await fetch(baseUrl + path, { headers: html });
      expect([path, response.status]).toEqual([path, 200]);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toContain('the page');
    }
  });

  it('may load what is ours and nothing else, by a nonce that is new each time', async () => {
    const { baseUrl } = await serve();
    const nonces = new Set<string>();
    for (let time = 0; time < 3; time++) {
      const response = await fetch(`${baseUrl}/`, { headers: html });
      const policy = response.headers.get('content-security-policy') ?? '';
      const [, nonce = ''] = /style-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
      expect(await response.text()).toContain(`nonce="${nonce}"`);
      nonces.add(nonce);
      expect(policy).toContain("default-src 'self'; script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('referrer-policy')).toBe('no-referrer');
      expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    }
    expect(nonces.size).toBe(3);
  });

  it('is no answer to a program, nor at an address of the server', async () => {
    const { baseUrl } = await serve();
    const asked = [
      fetch(`${baseUrl}/calls`),
      fetch(`${baseUrl}/calls`, { method: 'POST', headers: html }),
      ...['/api/nothing', '/metrics/nothing', '/healthz/nothing', '/assets/nothing.js'].map((path) =>
        fetch(baseUrl + path, { headers: html }),
      ),
    ];
    for (const response of await Promise.all(asked)) {
      expect([401, 404]).toContain(response.status);
      expect(response.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it('is a sentence where the console has not been built', async () => {
    const { baseUrl } = await serve({ isBuilt: false });
    const response = await fetch(`${baseUrl}/`, { headers: html });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toContain('npm start');
  });

  it('is not served by a process without the api role', async () => {
    const { baseUrl } = await serve({ serves: { api: false } });
    expect((await fetch(`${baseUrl}/`, { headers: html })).status).toBe(404);
    expect((await fetch(`${baseUrl}/calls`, { headers: html })).status).toBe(404);
  });
});

describe('assets of the console', () => {
  it('may be kept for ever, and come compressed where that is understood', async () => {
    const { baseUrl, askRaw } = await serve();
    const plain = await fetch(`${baseUrl}/assets/index-1a2b.js`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('content-type')).toContain('javascript');
    expect(plain.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await plain.text()).toBe(script);
    const raw = await askRaw(
      'GET /assets/index-1a2b.js HTTP/1.1\r\nHost: here\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n',
    );
    const [head = '', body = ''] = raw.split('\r\n\r\n');
    expect(head.toLowerCase()).toContain('content-encoding: gzip');
    expect(gunzipSync(Buffer.from(body, 'latin1')).toString()).toBe(script);
  });

  it('are those of the assets folder and no other file', async () => {
    const { askRaw } = await serve();
    for (const path of [
      '/assets/../secret.txt',
      '/assets/%2e%2e/secret.txt',
      '/assets/..%2fsecret.txt',
      '/secret.txt',
    ]) {
      const answer = await askRaw(`GET ${path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n`);
      expect(answer).not.toContain('not an asset');
      expect(answer).toMatch(/^HTTP\/1.1 4\d\d/);
    }
  });
});
