import { createServer as createTlsServer } from 'node:https';
import { afterEach, describe, expect, it } from 'vitest';
import { createLocalPeers } from '../../test/support/local-peers.js';
import { secureTest } from '../../test/support/secure-test-certificate.js';
import { ask, openTestClient, readAll, type ClientSetup } from '../../test/support/test-client.js';
import type { GuardedClient } from './guarded-fetch.js';
import { createHostFilter } from '../domain/host-pattern.js';

const peers = createLocalPeers();
const clients: GuardedClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await peers.close();
});

function openClient(setup: ClientSetup = {}) {
  const opened = openTestClient(setup);
  clients.push(opened.client);
  return opened;
}

describe('a guarded request', () => {
  it('gives status, headers, body and the address connected to', async () => {
    const port = await peers.serve((_, response) =>
      response.writeHead(404, { 'X-Oss-Request-Id': 'r1' }).end('gone'),
    );
    const { client } = openClient({ hosts: { 'bucket.test': ['127.0.0.1'] } });
    const answer = await ask(client, `http://bucket.test:${port}/x`);
    expect(answer).toMatchObject({ status: 404, address: '127.0.0.1' });
    expect(answer.headers['x-oss-request-id']).toBe('r1');
    expect(await readAll(answer.body)).toBe('gone');
  });

  it('sends path and query byte for byte, and the host as named', async () => {
    const seen: string[] = [];
    const port = await peers.serve((request, response) => {
      seen.push(`${request.headers.host} ${request.url}`);
      response.end();
    });
    const { client } = openClient({ hosts: { 'bucket.test': ['127.0.0.1'] } });
    for (const path of ['/1^2_record.wav?Signature=a%2bb%2B%2F%2f=&x=|{}"\'', '/a/../%7e/./b?a b', '?x']) {
      await readAll((await ask(client, `http://BUCKET.test:${port}${path}`)).body);
    }
    expect(seen).toEqual([
      `bucket.test:${port} /1^2_record.wav?Signature=a%2bb%2B%2F%2f=&x=|{}"'`,
      `bucket.test:${port} /a/../%7e/./b?a%20b`,
      `bucket.test:${port} /?x`,
    ]);
  });

  it('posts a body', async () => {
    const port = await peers.serve((request, response) => request.pipe(response));
    const { client } = openClient();
    const answer = await ask(client, `http://127.0.0.1:${port}/`, { method: 'POST', body: '[1]' });
    expect(await readAll(answer.body)).toBe('[1]');
  });

  it('never follows a redirect', async () => {
    const asked: unknown[] = [];
    const port = await peers.serve((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = await ask(openClient().client, `http://127.0.0.1:${port}/here`);
    expect(answer.status).toBe(302);
    expect(answer.headers['location']).toBe('/elsewhere');
    await readAll(answer.body);
    expect(asked).toEqual(['/here']);
  });

  it('uses a connection again once its answer has been read', async () => {
    const ports = new Set<unknown>();
    const port = await peers.serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    const { client, lookup } = openClient({ hosts: { 'bucket.test': ['127.0.0.1'] } });
    for (let i = 0; i < 3; i++) {
      const answer = await ask(client, `http://bucket.test:${port}/`);
      expect(answer.address).toBe('127.0.0.1');
      await readAll(answer.body);
    }
    expect(ports.size).toBe(1);
    expect(lookup).toHaveBeenCalledTimes(1);
  });

  it('asks again when a connection kept idle turns out to be closed', async () => {
    let connections = 0;
    const port = await peers.servePlain((socket) => {
      connections++;
      let requests = 0;
      socket.on('data', () => {
        // The second request on one connection finds it closing.
        if (++requests === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
        else socket.resetAndDestroy();
      });
    });
    const { client } = openClient();
    await readAll((await ask(client, `http://127.0.0.1:${port}/`)).body);
    expect(await readAll((await ask(client, `http://127.0.0.1:${port}/`)).body)).toBe('ok');
    expect(connections).toBe(2);
  });

  it('speaks TLS to the checked address and proves the name it was given', async () => {
    const port = await peers.listen(createTlsServer(secureTest, (_, response) => response.end('safe')));
    const hosts = { 'secure.test': ['127.0.0.1'], 'other.test': ['127.0.0.1'] };
    const { client } = openClient({ hosts, ca: secureTest.cert });
    const answer = await ask(client, `https://secure.test:${port}/`);
    expect(answer.address).toBe('127.0.0.1');
    expect(await readAll(answer.body)).toBe('safe');
    await expect(ask(client, `https://other.test:${port}/`)).rejects.toMatchObject({ reason: 'tls-failure' });
    const { client: trusting } = openClient({ hosts });
    await expect(ask(trusting, `https://secure.test:${port}/`)).rejects.toMatchObject({
      reason: 'tls-failure',
      address: '127.0.0.1',
    });
  });
});

describe('the guard in the connection', () => {
  it.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'http://2130706433/',
    'http://[::ffff:127.0.0.1]/',
    'http://0/',
  ])('refuses the literal address in %s without asking the resolver', async (url) => {
    const { client, lookup } = openClient({ allow: [] });
    await expect(ask(client, url)).rejects.toMatchObject({ reason: 'address-not-allowed' });
    expect(lookup).not.toHaveBeenCalled();
  });

  it('refuses a name that leads to forbidden addresses, and says to which', async () => {
    const { client } = openClient({ allow: [], hosts: { 'rebind.test': ['10.0.0.7', '::1'] } });
    await expect(ask(client, 'http://rebind.test/')).rejects.toMatchObject({
      reason: 'address-not-allowed',
      address: '10.0.0.7',
    });
  });

  it('never reaches the metadata service, even with its network allowed', async () => {
    const { client } = openClient({ allow: ['100.64.0.0/10'], hosts: { 'meta.test': ['100.100.100.200'] } });
    await expect(ask(client, 'http://meta.test/')).rejects.toMatchObject({ reason: 'address-not-allowed' });
    await expect(ask(client, 'http://100.100.100.200/')).rejects.toMatchObject({
      reason: 'address-not-allowed',
    });
  });

  it('connects to the allowed ones of mixed addresses only, and resolves once', async () => {
    const port = await peers.serve((_, response) => response.end('ok'));
    const { client, lookup } = openClient({
      hosts: { 'mixed.test': ['10.255.255.1', '127.0.0.1', 'fd00::1'] },
    });
    const answer = await ask(client, `http://mixed.test:${port}/`);
    expect(answer.address).toBe('127.0.0.1');
    await readAll(answer.body);
    expect(lookup).toHaveBeenCalledTimes(1);
  });

  it('goes on to the next address when one refuses', async () => {
    const port = await peers.serve((_, response) => response.end('ok'));
    const hosts = { 'two.test': ['127.0.0.2', '127.0.0.1'] };
    const { client } = openClient({ allow: ['127.0.0.0/8'], hosts });
    const answer = await ask(client, `http://two.test:${port}/`);
    expect(answer.address).toBe('127.0.0.1');
    await readAll(answer.body);
  });

  it('refuses hosts that are not on the list before it resolves them', async () => {
    const { client, lookup } = openClient({ hosts: { 'evil.test': ['127.0.0.1'] } });
    const allowsHost = createHostFilter(['*.oss.aliyuncs.com']);
    await expect(ask(client, 'http://evil.test/', { allowsHost })).rejects.toMatchObject({
      reason: 'host-not-allowed',
    });
    expect(lookup).not.toHaveBeenCalled();
  });
});
