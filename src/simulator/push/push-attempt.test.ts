import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createPushClient } from './push-attempt.js';
import type { AttemptResult, PushClient } from './push-attempt.js';
import { jsonHeaders } from './push-body.js';

let server: Server | undefined;
let client: PushClient | undefined;
const signal = new AbortController().signal;
const body = { messages: [], bytes: Buffer.from('[{"callId":"1^2"}]'), headers: jsonHeaders, badItems: 0 };

async function listen(listener: RequestListener, timeoutMs = 700): Promise<PushClient> {
  const opened = createServer(listener);
  server = opened;
  await new Promise<void>((resolve) => opened.listen(0, '127.0.0.1', resolve));
  const { port } = opened.address() as AddressInfo;
  client = createPushClient({
    to: `http://127.0.0.1:${port}/push/token`,
    timeoutMs,
    concurrency: 4,
    stopwatch: () => performance.now(),
  });
  return client;
}

async function answered(status: number, text: string): Promise<AttemptResult> {
  const peer = await listen((_request, response) => response.writeHead(status).end(text));
  return peer.attempt(body, signal);
}

afterEach(async () => {
  await client?.close();
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  [server, client] = [undefined, undefined];
});

describe('an attempt at a push', () => {
  it('posts the bytes as they are', async () => {
    const seen: string[] = [];
    const peer = await listen((request: IncomingMessage, response) => {
      request.setEncoding('utf8').on('data', (text: string) => seen.push(text));
      seen.push(`${request.method} ${request.url} ${request.headers['content-type']}`);
      response.end('{"code":0}');
    });
    expect(await peer.attempt(body, signal)).toMatchObject({ kind: 'acknowledged' });
    expect(seen).toEqual(['POST /push/token application/json;charset=UTF-8', body.bytes.toString()]);
  });

  it.each([
    ['{"code":0,"msg":"Received successfully"}', 200],
    ['{"code":1}', 200],
    ['{"code":-1.5}', 200],
  ])('takes %s with status %i for an acknowledgement', async (text, status) => {
    expect(await answered(status, text)).toMatchObject({ kind: 'acknowledged' });
  });

  it.each([
    [200, '{"code":"0"}', 'code-not-a-number'],
    [200, '{"msg":"ok"}', 'code-not-a-number'],
    [200, 'null', 'code-not-a-number'],
    [200, '', 'body-not-json'],
    [200, 'ok', 'body-not-json'],
    [200, ' '.repeat(70_000), 'answer-too-long'],
    [201, '{"code":0}', 'status-201'],
    [204, '', 'status-204'],
    [302, '{"code":0}', 'status-302'],
    [503, '{"code":0}', 'status-503'],
  ])('takes status %i with %s for the failure it is', async (status, text, reason) => {
    expect(await answered(status, text)).toMatchObject({ kind: 'failed', reason, isAnswered: true });
  });

  it('has no more patience than its time-out, be it for the head or for the rest of the answer', async () => {
    const silent = await listen(() => undefined, 60);
    expect(await silent.attempt(body, signal)).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      isAnswered: false,
    });
    await client?.close();
    server?.closeAllConnections();
    server?.close();
    const halting = await listen((_request, response) => response.writeHead(200).write('{"code":'), 60);
    expect(await halting.attempt(body, signal)).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
      isAnswered: false,
    });
  });

  it('survives a peer that hangs up or is not there', async () => {
    const peer = await listen((request) => request.socket.destroy());
    expect(await peer.attempt(body, signal)).toMatchObject({ reason: 'connection-lost', isAnswered: false });
    await new Promise((resolve) => server?.close(resolve));
    expect(await peer.attempt(body, signal)).toMatchObject({
      reason: 'connection-refused',
      isAnswered: false,
    });
  });

  it('is stopped at once when told to', async () => {
    const controller = new AbortController();
    const peer = await listen(() => {
      controller.abort();
    });
    expect(await peer.attempt(body, controller.signal)).toEqual({ kind: 'stopped' });
    expect(await peer.attempt(body, controller.signal)).toEqual({ kind: 'stopped' });
  });
});
