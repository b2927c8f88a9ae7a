import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHttpServer } from '../../src/http/create-http-server.js';
import { administratorKey, openTestApi, type TestApi } from './open-test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const rawGet = (target: string) =>
  api.askRaw(
    `GET ${target} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${administratorKey}\r\nConnection: close\r\n\r\n`,
  );

describe('a request on a push path', () => {
  it.each(['/push', '/push/', '/push/token', '/push/token/AlicomAgentCallRecord', '/push/%ff', '/push?x=1'])(
    'goes to intake as it is: %s',
    async (path) => {
      const answer = await rawGet(path);
      expect(answer).toContain('200 OK');
      expect(answer).toContain(JSON.stringify({ code: 0, msg: path }));
    },
  );

  it('goes there in absolute form as well', async () => {
    expect(await rawGet('http://earshot.example:80/push/token')).toContain('"msg":"/push/token"');
  });

  it('is answered with a numeric code even where its headers are no HTTP', async () => {
    const answer = await api.askRaw('POST /push/token HTTP/1.1\r\nbad header\r\n\r\n');
    expect(answer).toContain('400 Bad Request');
    expect(answer).toMatch(/"code":400/);
  });

  it('is none where the path only begins alike', async () => {
    expect((await api.ask('/pushes')).status).toBe(404);
  });
});

describe('a request that cannot be answered', () => {
  it.each([
    ['POST', '/api/v1/calls', 'GET, HEAD'],
    ['DELETE', '/api/v1/calls/1%5E1', 'GET, HEAD'],
    ['PUT', '/api/v1/messages', 'GET, HEAD, POST'],
    ['DELETE', '/api/v1/endpoints', 'GET, HEAD, POST'],
    ['PUT', '/api/v1/endpoints/1', 'DELETE, GET, HEAD, PATCH'],
    ['GET', '/api/v1/endpoints/1/replay', 'POST'],
    ['GET', '/api/v1/recordings/1/retry', 'POST'],
    ['PATCH', '/api/v1/quarantine/1', 'DELETE, GET, HEAD'],
    ['OPTIONS', '/api/v1/recordings/1/audio', 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
  ])('is 405 with Allow: %s %s', async (method, path, allow) => {
    const response = await api.ask(path, { method, headers: { 'content-type': 'a/b' } });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    expect(await response.json()).toMatchObject({ code: 'method-not-allowed' });
  });

  it('is a problem with everything a person needs', async () => {
    const response = await api.ask('/api/v1/nothing?secret=1');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'urn:earshot:error:route-unknown',
      title: 'There is nothing at this address',
      status: 404,
      detail: 'There is nothing at this address.',
      code: 'route-unknown',
      remedy: expect.any(String),
      instance: '/api/v1/nothing',
    });
  });

  it('is a problem where it is no HTTP, or has headers without end', async () => {
    expect(await api.askRaw('nonsense\r\n\r\n')).toMatch(/400 Bad Request[^]*"code":"bad-request"/);
    const socket = connect(api.port, '127.0.0.1');
    // The server answers before it has read everything: what is still under way may meet a closed door.
    socket.on('error', () => undefined);
    let answer = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk));
    socket.write(`GET / HTTP/1.1\r\nX: ${'x'.repeat(2 * 1024 * 1024)}`);
    await once(socket, 'close');
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe('close', () => {
  it('lets an answer end, refuses what comes on its connection, and leaves nothing listening', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let entered = (): void => undefined;
    const inside = new Promise<void>((resolve) => (entered = resolve));
    const other = await openTestApi({
      service: {
        readiness: async () => {
          entered();
          await held;
          return { ready: true };
        },
      },
    });
    const answer = fetch(`${other.baseUrl}/readyz`);
    await inside;
    const closed = other.server.close();
    release();
    expect((await answer).status).toBe(200);
    await closed;
    expect(other.server.address).toBeUndefined();
    await expect(fetch(`${other.baseUrl}/healthz`)).rejects.toThrow();
    await other.close();
  });

  it('cuts off who does not let go', async () => {
    let entered = (): void => undefined;
    const inside = new Promise<void>((resolve) => (entered = resolve));
    const other = await openTestApi({
      service: {
        readiness: () => {
          entered();
          return new Promise(() => undefined);
        },
      },
    });
    const answer = fetch(`${other.baseUrl}/readyz`).then(
      () => 'answered',
      () => 'cut off',
    );
    await inside;
    await other.server.close(10);
    expect(await answer).toBe('cut off');
    await other.close();
  });
});

describe('listen', () => {
  it('names the address that is taken', async () => {
    const second = createHttpServer(api.parts);
    await expect(second.listen('127.0.0.1', api.port)).rejects.toMatchObject({ code: 'address-in-use' });
    await second.close();
  });
});
