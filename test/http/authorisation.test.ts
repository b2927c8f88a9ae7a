import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administratorKey, openTestApi, sha256, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const withKey = (authorization: string) => ({ headers: { authorization } });

describe('what needs a key', () => {
  it.each([
    '/api',
    '/api/v1/calls',
    '/api/v1/calls/1%5E2',
    '/api/v1/calls/%ff',
    '/api/v1/openapi.json',
    '/api/v1/there-is-no-such-thing',
    '/%61pi/v1/calls',
    '/api%2Fv1%2Fcalls',
    '//api/v1/calls',
    '/metrics',
  ])('%s answers 401 and tells nothing without one', async (path) => {
    const response = await fetch(api.baseUrl + path);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ status: 401, code: 'key-required' });
  });

  it.each(['', 'Bearer', 'Bearer ', 'Bearer wrong', `Basic ${administratorKey}`, administratorKey])(
    'is refused with the header %j',
    async (authorization) => {
      const response = await fetch(`${api.baseUrl}/api/v1/calls`, withKey(authorization));
      expect(response.status).toBe(401);
    },
  );

  it('is refused for other methods as well, before these are looked at', async () => {
    for (const method of ['POST', 'DELETE', 'OPTIONS', 'HEAD']) {
      expect((await fetch(`${api.baseUrl}/api/v1/calls`, { method })).status).toBe(401);
    }
  });

  it('opens to the administrator, whatever the case of the scheme', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const response = await fetch(`${api.baseUrl}/api/v1/calls`, withKey(`${scheme} ${administratorKey}`));
      expect(response.status).toBe(200);
    }
  });

  it('opens to a key that was made, and closes within seconds once it is removed', async () => {
    const ask = () => fetch(`${api.baseUrl}/api/v1/calls`, withKey('Bearer made-key-0123456789'));
    expect((await ask()).status).toBe(401);
    const { id } = await api.store.apiKeys.add({
      name: 'made',
      hash: sha256('made-key-0123456789'),
      scopes: ['view'],
      createdAt: api.clock.now,
    });
    expect((await ask()).status).toBe(200);
    await api.store.apiKeys.remove(id);
    api.clock.now += 10_000;
    expect((await ask()).status).toBe(401);
  });

  it('never leaves a key in the log', async () => {
    await api.ask('/api/v1/calls');
    await fetch(`${api.baseUrl}/api/v1/calls`, withKey('Bearer some-wrong-key-123'));
    expect(api.logLines.join('')).not.toMatch(/administrator-key|some-wrong-key/);
  });
});

describe('every answer', () => {
  it('says that it is what it says it is, and keeps browsers to https where that is the public address', async () => {
    for (const path of ['/api/v1/calls', '/api/v1/session', '/healthz', '/there-is-nothing']) {
      const { headers } = await api.ask(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
    }
    const plain = await openTestApi({ people: { publicUrl: () => 'http://earshot.example' } });
    expect((await plain.ask('/api/v1/calls')).headers.has('strict-transport-security')).toBe(false);
    await plain.close();
  });
});

describe('what needs none', () => {
  it.each(['/healthz', '/readyz'])('%s', async (path) => {
    expect((await fetch(api.baseUrl + path)).status).toBe(200);
  });

  it.each(['/', '/apis', '/metricsx', '/there-is-nothing'])(
    '%s does not exist, and says so',
    async (path) => {
      const response = await fetch(api.baseUrl + path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'route-unknown', instance: path });
    },
  );
});
