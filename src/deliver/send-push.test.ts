import { createServer as createTlsServer } from 'node:https';
import type { RequestListener, ServerResponse } from 'node:http';
import { brotliCompressSync, deflateRawSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createLocalPeers } from '../../test/support/local-peers.js';
import { secureTest } from '../../test/support/secure-test-certificate.js';
import { openTestClient, type ClientSetup } from '../../test/support/test-client.js';
import { endpointDefaults, type EndpointSettings } from '../domain/endpoint.js';
import { samplePush } from '../protocol/sample.js';
import { toWebhookSecret, verifySignature } from '../protocol/webhook-signature.js';
import { sendPush } from './send-push.js';

const peers = createLocalPeers();
afterEach(() => peers.close());
const at = Date.UTC(2025, 4, 22, 5);
const secret = toWebhookSecret(Buffer.alloc(32, 1));
const older = toWebhookSecret(Buffer.alloc(32, 2));
const gone = toWebhookSecret(Buffer.alloc(32, 3));

async function push(url: string, settings: Partial<EndpointSettings> = {}, setup: ClientSetup = {}) {
  const { client } = openTestClient(setup);
  const endpoint = {
    settings: { ...endpointDefaults, name: 'x', url, timeoutMs: 2_000, ...settings },
    secrets: [
      { secret, createdAt: at },
      { secret: older, createdAt: 0, expiresAt: at + 1 },
      { secret: gone, createdAt: 0, expiresAt: at },
    ],
  };
  const { signal } = new AbortController();
  const deps = { client, stopwatch: () => performance.now(), userAgent: 'Earshot/test' };
  const sent = await sendPush({ endpoint, webhookId: 'msg_1', at, body: samplePush, signal }, deps);
  client.close();
  return sent;
}

const serve = async (listener: RequestListener, path = '/') =>
  `http://127.0.0.1:${await peers.serve(listener)}${path}`;
const answering = (answer: (response: ServerResponse) => void) =>
  serve((request, response) => {
    request.resume().on('end', () => answer(response));
  });
const reasonOf = async (url: string, settings?: Partial<EndpointSettings>, setup?: ClientSetup) =>
  (await push(url, settings, setup)).result.reason;

interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a push with these settings looks like to its receiver. */
async function received(settings: Partial<EndpointSettings> = {}) {
  let seen: Received | undefined;
  const url = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen = { headers: request.headers, body: Buffer.concat(chunks) };
      response.end('{"code":0}');
    });
  }, '/push/geheim?token=geheim');
  const sent = await push(url, settings);
  expect(sent.result.reason).toBe('acknowledged');
  return { ...seen!, sent };
}

describe('an acknowledgement that a proxy has packed unasked', () => {
  const text = '{"code":0,"msg":"ok"}';
  it.each([
    ['gzip', gzipSync(text)],
    ['X-GZIP', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['br', brotliCompressSync(text)],
    ['deflate, gzip', gzipSync(deflateSync(text))],
    ['identity', Buffer.from(text)],
  ])('counts as one: %s', async (coding, bytes) => {
    const { result, attempt } = await push(
      await answering((response) => {
        response.writeHead(200, { 'content-encoding': coding });
        // In chunks, as a proxy that packs does not know the length before.
        response.write(bytes.subarray(0, 5));
        response.end(bytes.subarray(5));
      }),
    );
    expect(result.reason).toBe('acknowledged');
    expect(attempt.response?.body).toBe(text);
    expect(attempt.request?.headers).toMatchObject({ 'accept-encoding': 'identity' });
  });

  it.each([
    ['no-acknowledgement', 'gzip', gzipSync(text).subarray(0, 12)],
    ['no-acknowledgement', 'constructor', Buffer.from('x')],
    ['acknowledged', 'gzip', Buffer.from(text)],
    [
      'answer-too-large',
      'gzip',
      gzipSync(Buffer.concat([Buffer.from(text), Buffer.alloc(80_000_000, 0x20)])),
    ],
  ])(
    'is %s where it breaks off, is not packed as it claims, or holds very much: %s',
    async (reason, coding, bytes) => {
      const url = await answering((response) =>
        response.writeHead(200, { 'content-encoding': coding }).end(bytes),
      );
      expect(await reasonOf(url)).toBe(reason);
    },
  );
});

describe('a push', () => {
  it('is the body as it is, as UTF-8 JSON, signed by every secret that is valid', async () => {
    const { headers, body, sent } = await received();
    expect(body.toString()).toBe(samplePush);
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Earshot/test',
    });
    expect(headers['webhook-id']).toBe('msg_1');
    for (const each of [secret, older])
      expect(verifySignature({ secret: each, headers, body, now: at })).toBe(true);
    expect(verifySignature({ secret: gone, headers, body, now: at })).toBe(false);
    expect(sent.attempt).toMatchObject({
      at,
      status: 200,
      address: '127.0.0.1',
      response: { body: '{"code":0}' },
    });
    expect(Object.keys(sent.attempt.timings).sort()).toEqual(['bodyMs', 'connectMs', 'headMs']);
  });

  it('is packed where that is wanted, and signed as it was before', async () => {
    const { headers, body } = await received({ gzip: true });
    expect(headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(body).toString()).toBe(samplePush);
    expect(verifySignature({ secret, headers, body: gunzipSync(body), now: at })).toBe(true);
  });

  it('carries headers and authorisation of the endpoint, of which no value is kept', async () => {
    const auth = { kind: 'basic', user: 'ü', password: 'geheim' } as const;
    const { headers, sent } = await received({ headers: { 'X-Api-Key': 'geheim' }, auth });
    expect(headers['x-api-key']).toBe('geheim');
    expect(headers['authorization']).toBe(`Basic ${Buffer.from('ü:geheim').toString('base64')}`);
    const kept = sent.attempt.request;
    expect(Object.keys(kept.headers)).toContain('x-api-key');
    expect(JSON.stringify({ ...kept, url: '' })).not.toContain('geheim');
    expect(kept.url).not.toContain('token');
    expect((await received({ auth: { kind: 'bearer', token: 'abc' } })).headers['authorization']).toBe(
      'Bearer abc',
    );
  });
});

describe('a receiver that', () => {
  it('refuses the connection, or is not there at all', async () => {
    const refused = await push('http://127.0.0.1:9/');
    expect(refused.result).toEqual({ reason: 'connection-refused', news: 'failed', foundNobody: true });
    expect(await reasonOf('http://nowhere.test/')).toBe('dns-failure');
    expect(await reasonOf('http://10.0.0.1/')).toBe('address-not-allowed');
  });

  it('answers with anything but 200 and a numeric code', async () => {
    const at = (status: number, body = '{"code":0}', headers = {}) =>
      answering((response) => response.writeHead(status, headers).end(body)).then((url) => reasonOf(url));
    expect(await at(200, 'ok')).toBe('no-acknowledgement');
    expect(await at(200, '{"code":"0"}')).toBe('no-acknowledgement');
    expect(await at(201)).toBe('unexpected-status');
    expect(await at(204, '')).toBe('unexpected-status');
    expect(await at(302, '', { location: '/elsewhere' })).toBe('redirect');
    expect(await at(413)).toBe('content-refused');
    expect(await at(503)).toBe('server-error');
  });

  it('begins its acknowledgement with a byte order mark', async () => {
    expect(await reasonOf(await answering((response) => response.end('\ufeff{"code":0}')))).toBe(
      'acknowledged',
    );
  });

  it('never answers, or only after the time that it has', async () => {
    const hung = await push(await answering(() => undefined), { timeoutMs: 60 });
    expect(hung.result).toEqual({ reason: 'timeout', news: 'failed', foundNobody: false });
    const slowBody = await push(
      await answering((response) => response.writeHead(200, { 'content-length': 10 }).write('{')),
      { timeoutMs: 60 },
    );
    expect(slowBody.result).toEqual({ reason: 'timeout', news: 'failed', foundNobody: false });
    expect(slowBody.attempt).toMatchObject({ status: 200, response: { body: '{' } });
  });

  it('drips its answer so that every pause is short and the whole is not', async () => {
    const url = await answering((response) => {
      const timer = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(timer));
    });
    expect(await reasonOf(url, { timeoutMs: 100 })).toBe('timeout');
  });

  it('answers with ten gigabytes', async () => {
    let written = 0;
    const url = await answering((response) => {
      response.writeHead(200, { 'content-length': 10 * 1024 ** 3 });
      const chunk = Buffer.alloc(64 * 1024, ' ');
      const more = () => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
      };
      response.on('drain', more);
      more();
    });
    const sent = await push(url);
    expect(sent.result.reason).toBe('answer-too-large');
    expect(sent.attempt.response?.body.length).toBe(4096);
    expect(written).toBeLessThan(64 * 1024 ** 2);
  });

  it('resets the connection, before the answer or in the midst of it', async () => {
    const before = await peers.servePlain((socket) => socket.on('data', () => socket.resetAndDestroy()));
    expect(await reasonOf(`http://127.0.0.1:${before}/`)).toBe('connection-reset');
    const amid = await peers.servePlain((socket) =>
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"code"', () => socket.end());
      }),
    );
    expect(await reasonOf(`http://127.0.0.1:${amid}/`)).toBe('truncated');
  });

  it('breaks off the explanation of its refusal', async () => {
    const port = await peers.servePlain((socket) =>
      socket.on('data', () => {
        socket.write('HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\nbecause', () => socket.end());
      }),
    );
    expect(await reasonOf(`http://127.0.0.1:${port}/`)).toBe('server-error');
  });

  it('speaks no HTTP, or has a certificate for somebody else', async () => {
    const port = await peers.servePlain((socket) => socket.on('data', () => socket.end('SSH-2.0-x\r\n\r\n')));
    expect(await reasonOf(`http://127.0.0.1:${port}/`)).toBe('bad-answer');
    const tls = await peers.listen(createTlsServer(secureTest, (_, response) => response.end('{"code":0}')));
    const hosts = { 'other.test': ['127.0.0.1'], 'secure.test': ['127.0.0.1'] };
    const wrong = await push(`https://other.test:${tls}/`, {}, { hosts, ca: secureTest.cert });
    expect(wrong.result).toEqual({ reason: 'tls-failure', news: 'failed', foundNobody: true });
    expect(await reasonOf(`https://secure.test:${tls}/`, {}, { hosts, ca: secureTest.cert })).toBe(
      'acknowledged',
    );
  });

  it('asks for patience', async () => {
    const url = await answering((response) => response.writeHead(429, { 'retry-after': '120' }).end());
    expect((await push(url)).retryAfterMs).toBe(120_000);
  });

  it('sets a cookie, which is not kept', async () => {
    const url = await answering((response) =>
      response.writeHead(200, { 'set-cookie': 'a=geheim' }).end('{"code":0}'),
    );
    expect(JSON.stringify((await push(url)).attempt.response)).not.toContain('geheim');
  });
});
