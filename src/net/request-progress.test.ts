import { createServer as createTlsServer } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { createLocalPeers } from '../../test/support/local-peers.js';
import { secureTest } from '../../test/support/secure-test-certificate.js';
import { ask, openTestClient, readAll, type ClientSetup } from '../../test/support/test-client.js';
import type { EgressError } from './egress-error.js';
import type { GuardedClient } from './guarded-fetch.js';

const peers = createLocalPeers();
const clients: GuardedClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await peers.close();
});

function openClient(setup: ClientSetup = {}) {
  const { client } = openTestClient(setup);
  clients.push(client);
  return client;
}

const failureOf = (request: Promise<unknown>) =>
  request.then(
    () => undefined,
    (error: unknown) => error as EgressError,
  );

describe('the time of a request', () => {
  it('is told by phase, and on a kept connection without connecting', async () => {
    const port = await peers.listen(createTlsServer(secureTest, (_, response) => response.end('ok')));
    const client = openClient({ hosts: { 'secure.test': ['127.0.0.1'] }, ca: secureTest.cert });
    const first = await ask(client, `https://secure.test:${port}/`);
    expect(Object.keys(first.timings).sort()).toEqual(['connectMs', 'headMs', 'lookupMs', 'tlsMs']);
    for (const ms of Object.values(first.timings)) expect(ms).toBeGreaterThanOrEqual(0);
    await readAll(first.body);
    const second = await ask(client, `https://secure.test:${port}/`);
    expect(Object.keys(second.timings)).toEqual(['headMs']);
    second.discard();
  });

  it('is told of a request that failed, as far as it came', async () => {
    const silent = await peers.servePlain(() => undefined);
    const client = openClient({ hosts: { 'late.test': ['127.0.0.1'] } });
    const late = await failureOf(ask(client, `http://late.test:${silent}/`, { totalTimeoutMs: 500 }));
    expect(late?.reason).toBe('timeout');
    expect(late?.progress?.isConnected).toBe(true);
    expect(Object.keys(late?.progress?.timings ?? {})).toEqual(['lookupMs', 'connectMs']);

    const nobody = await failureOf(ask(client, 'http://127.0.0.1:9/'));
    expect(nobody).toMatchObject({ reason: 'connection-refused', progress: { isConnected: false } });

    const noTls = await failureOf(ask(client, `https://late.test:${silent}/`, { totalTimeoutMs: 500 }));
    expect(noTls).toMatchObject({ reason: 'timeout', progress: { isConnected: false } });
  });
});

describe('a POST on a kept connection that turns out to be closed', () => {
  /** Answers the first request on each connection and resets it at the second. */
  const serveOnceEach = async () => {
    let connections = 0;
    const port = await peers.servePlain((socket) => {
      connections++;
      let requests = 0;
      socket.on('data', () => {
        if (++requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        else socket.resetAndDestroy();
      });
    });
    return { url: `http://127.0.0.1:${port}/`, connections: () => connections };
  };

  it('is sent again where the caller says that this does no harm', async () => {
    const { url, connections } = await serveOnceEach();
    const client = openClient();
    const post = { method: 'POST', body: '[]', isRepeatable: true } as const;
    for (let i = 0; i < 3; i++) expect(await readAll((await ask(client, url, post)).body)).toBe('ok');
    expect(connections()).toBe(3);
  });

  it('is a failure where he does not', async () => {
    const { url, connections } = await serveOnceEach();
    const client = openClient();
    const post = { method: 'POST', body: '[]' } as const;
    await readAll((await ask(client, url, post)).body);
    expect(await failureOf(ask(client, url, post))).toMatchObject({ reason: 'connection-reset' });
    expect(connections()).toBe(1);
  });

  it('is not sent a third time, nor beyond its time', async () => {
    let requests = 0;
    const port = await peers.servePlain((socket) => {
      socket.on('data', () => {
        if (++requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        else socket.resetAndDestroy();
      });
    });
    const client = openClient();
    const post = { method: 'POST', body: '[]', isRepeatable: true } as const;
    await readAll((await ask(client, `http://127.0.0.1:${port}/`, post)).body);
    expect(await failureOf(ask(client, `http://127.0.0.1:${port}/`, post))).toMatchObject({
      reason: 'connection-reset',
    });
    expect(requests).toBe(3);
  });
});
