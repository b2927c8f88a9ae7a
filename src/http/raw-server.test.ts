import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createRawServer, type ServerState } from './raw-server.js';
import { gateOf } from './request-gate.js';

const servers: { close(): void; closeAllConnections(): void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server on which one request has begun to arrive, and is taking too long. */
async function openWithSlowRequest(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const intake = { handle: () => undefined };
  const server = createRawServer(handle, intake, () => 'open');
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let answer = '';
  client.setEncoding('latin1').on('data', (text: string) => (answer += text));
  const arrived = once(server, 'request');
  client.write('POST /api/v1/recordings HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345');
  const [request] = (await arrived) as [IncomingMessage];
  // What Node tells of a request that takes longer than `requestTimeout`.
  const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  server.emit('clientError', late, request.socket);
  return { client, answer: () => answer };
}

describe('a request that takes very long', () => {
  it('is ended with 408', async () => {
    const { client, answer } = await openWithSlowRequest((request) => request.resume());
    await once(client, 'end');
    expect(answer()).toMatch(/^HTTP\/1.1 408 /);
  });

  it('goes on where it is an upload', async () => {
    const { client, answer } = await openWithSlowRequest((request, response) => {
      const end = gateOf(request.socket)?.beginUpload();
      request.resume().on('end', () => {
        end?.();
        response.end('whole');
      });
    });
    client.write('67890');
    await once(client, 'data');
    expect(answer()).toMatch(/^HTTP\/1.1 200 [^]*whole$/);
    client.destroy();
  });
});

describe('a server that drains', () => {
  it('takes what comes, and ends each connection with its answer; closing, it takes pushes alone', async () => {
    let state: ServerState = 'open';
    const answer = (_request: IncomingMessage, response: ServerResponse) => response.end('{}');
    const server = createRawServer(answer, { handle: answer }, () => state);
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const ask = async (path: string) => {
      const { status, headers } = await fetch(`http://127.0.0.1:${port}${path}`);
      return [status, headers.get('connection')];
    };
    expect(await ask('/push/x')).toEqual([200, 'keep-alive']);
    state = 'draining';
    expect([await ask('/push/x'), await ask('/api/v1/calls')]).toEqual([
      [200, 'close'],
      [200, 'close'],
    ]);
    state = 'closing';
    expect([await ask('/push/x'), await ask('/api/v1/calls')]).toEqual([
      [200, 'close'],
      [503, 'close'],
    ]);
  });
});
