import { EventEmitter, once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { createLocalPeers } from '../../test/support/local-peers.js';
import { ask, openTestClient, readAll, type ClientSetup } from '../../test/support/test-client.js';
import { createAddressGuard } from './address-guard.js';
import { EgressError } from './egress-error.js';
import { createGuardedClient, type GuardedClient, type OutboundRequest } from './guarded-fetch.js';

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

describe('a request that fails', () => {
  /** The reason, of the head or of the body. */
  const fails = async (url: string, more: Partial<OutboundRequest> = {}, setup: ClientSetup = {}) => {
    try {
      const answer = await ask(openClient(setup).client, url, more);
      await readAll(answer.body);
      return 'succeeded';
    } catch (error) {
      return error instanceof EgressError ? error.reason : String(error);
    }
  };

  it('tells a name that does not resolve', async () => {
    expect(await fails('http://nowhere.test/')).toBe('dns-failure');
    expect(await fails('http://nowhere.test/', {}, { hosts: { 'nowhere.test': [] } })).toBe('dns-failure');
  });

  it('tells a port where nobody listens', async () => {
    const port = await peers.serve(() => undefined);
    await peers.close();
    expect(await fails(`http://127.0.0.1:${port}/`)).toBe('connection-refused');
  });

  it('tells a connection reset before the head, and inside the body', async () => {
    const early = await peers.servePlain((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await fails(`http://127.0.0.1:${early}/`)).toBe('connection-reset');
    const late = await peers.servePlain((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc', () =>
          setImmediate(() => socket.resetAndDestroy()),
        );
      });
    });
    expect(['connection-reset', 'truncated']).toContain(await fails(`http://127.0.0.1:${late}/`));
  });

  it('tells a body that ends before its announced length', async () => {
    const port = await peers.servePlain((socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'));
    });
    expect(await fails(`http://127.0.0.1:${port}/`)).toBe('truncated');
  });

  it('tells an answer that is no HTTP', async () => {
    const port = await peers.servePlain((socket) =>
      socket.once('data', () => socket.end('SSH-2.0-OpenSSH\r\n')),
    );
    expect(await fails(`http://127.0.0.1:${port}/`)).toBe('bad-answer');
  });

  it('tells each time-out: lookup, TLS, head, silence in the body, the whole', async () => {
    const mute = await peers.servePlain(() => undefined);
    const url = `http://127.0.0.1:${mute}/`;
    expect(await fails(url, { headTimeoutMs: 100 })).toBe('timeout');
    expect(await fails(url, { totalTimeoutMs: 100 })).toBe('timeout');
    expect(await fails(`https://127.0.0.1:${mute}/`, {}, { connectTimeoutMs: 100 })).toBe('timeout');

    const stuck = createGuardedClient({
      guard: createAddressGuard(),
      lookup: () => new Promise(() => undefined),
      connectTimeoutMs: 100,
    });
    await expect(ask(stuck, 'http://slow.test/')).rejects.toMatchObject({ reason: 'timeout' });
    stuck.close();

    const half = await peers.serve((_, response) =>
      response.writeHead(200, { 'content-length': '10' }).write('abc'),
    );
    expect(await fails(`http://127.0.0.1:${half}/`, { idleTimeoutMs: 100 })).toBe('timeout');
    expect(await fails(`http://127.0.0.1:${half}/`, { totalTimeoutMs: 100 })).toBe('timeout');
  });

  it('ends at once when its signal says so: connecting, waiting, reading', async () => {
    const half = await peers.serve((_, response) =>
      response.writeHead(200, { 'content-length': '10' }).write('abc'),
    );
    const { client } = openClient();
    const reading = new AbortController();
    const answer = await ask(client, `http://127.0.0.1:${half}/`, { signal: reading.signal });
    const rest = readAll(answer.body);
    reading.abort();
    await expect(rest).rejects.toMatchObject({ reason: 'aborted' });

    const mute = await peers.servePlain(() => undefined);
    const waiting = new AbortController();
    const waited = ask(client, `http://127.0.0.1:${mute}/`, { signal: waiting.signal });
    waiting.abort();
    await expect(waited).rejects.toMatchObject({ reason: 'aborted' });
    await expect(ask(client, `http://127.0.0.1:${mute}/`, { signal: waiting.signal })).rejects.toMatchObject({
      reason: 'aborted',
    });
  });

  it('closes the connection of a body that is not read on', async () => {
    const closed = new EventEmitter();
    const isClosed = once(closed, 'close');
    const port = await peers.serve((request, response) => {
      request.socket.once('close', () => closed.emit('close'));
      response.write('x'.repeat(1 << 20));
    });
    const answer = await ask(openClient().client, `http://127.0.0.1:${port}/`);
    for await (const chunk of answer.body) if (chunk.length > 0) break;
    await isClosed;
  });

  it('never shows the URL in an error', async () => {
    const { client } = openClient();
    for (const url of [
      'http://nowhere.test/?Signature=geheim',
      'http://10.0.0.1/?Signature=geheim',
      'x:geheim',
    ]) {
      const error: unknown = await ask(client, url).catch((thrown: unknown) => thrown);
      expect(String((error as Error).stack)).not.toContain('geheim');
    }
  });
});
