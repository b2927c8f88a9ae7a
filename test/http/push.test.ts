import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/settings/config.js';
import { startService, type Service } from '../../src/app/service.js';
import { samplePush } from '../../src/protocol/sample.js';
import { until } from '../support/until.js';

const pushToken = 'push-token-of-this-test';
const apiKey = 'api-key-of-this-test-0';

let folder: string;
let service: Service;
let push: string;

// One server for all: each test has call ids of its own.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-push-'));
  const flags = {
    dataDir: join(folder, 'data'),
    port: '0',
    pushToken,
    apiKey,
    logLevel: 'silent',
    // Nothing is fetched: no link in these messages is at a host that is allowed.
    recordingHosts: 'recordings.invalid',
  };
  service = await startService(readConfig(flags, {}, folder));
  push = `${service.url}/push/${pushToken}`;
});

afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

async function send(body: string | Uint8Array<ArrayBuffer>, path = '', headers: Record<string, string> = {}) {
  const response = await fetch(push + path, { method: 'POST', body, headers });
  return { status: response.status, text: await response.text() };
}

async function ask<T>(path: string): Promise<T> {
  const response = await fetch(`${service.url}/api/v1${path}`, {
    headers: { authorization: `Bearer ${apiKey}` },
  });
  return (await response.json()) as T;
}

interface Entry {
  readonly callId: string;
  readonly type: string;
  readonly source: string;
  readonly message: unknown;
}
interface Item {
  readonly id: string;
  readonly reason: string;
  readonly bytes: number;
  readonly preview: string;
}

const feed = async () => (await ask<{ items: Entry[] }>('/messages?after=0&limit=500')).items;
const quarantine = async () => (await ask<{ items: Item[] }>('/quarantine?limit=500')).items;
const messageOf = (callId: string) =>
  until(async () => (await feed()).find((entry) => entry.callId === callId), {
    what: `a message of ${callId}`,
  });
const quarantined = (preview: string) =>
  until(async () => (await quarantine()).find((item) => item.preview === preview), {
    what: `${preview} in quarantine`,
  });

/** The feed as text: what a parser would have changed shows only there. */
async function feedText(): Promise<string> {
  const url = `${service.url}/api/v1/messages?after=0&limit=500`;
  return await (await fetch(url, { headers: { authorization: `Bearer ${apiKey}` } })).text();
}

const message = (callId: string) => JSON.stringify({ callId, callee: '1' });
const acknowledged = { status: 200, text: '{"code":0,"msg":"Received successfully"}' };

describe('a push to a running server', () => {
  it("is acknowledged and becomes a call: the specification's own sample", async () => {
    expect(await send(samplePush, '', { 'content-type': 'application/json;charset=UTF-8' })).toEqual(
      acknowledged,
    );
    const callId = '10000161****^1000018****';
    expect(await messageOf(callId)).toMatchObject({ type: 'AlicomAgentCallRecord', source: 'default' });
    const call = await until(
      async () => {
        const found = await ask<{ callId?: string; durationSeconds?: number }>(
          `/calls/${encodeURIComponent(callId)}`,
        );
        return found.callId === undefined ? undefined : found;
      },
      { what: 'the call' },
    );
    expect(call).toMatchObject({ callId, durationSeconds: 125, startAt: '2025-05-22T04:29:20.000Z' });
  });

  it.each([
    ['an array', `[${message('p1')}]`, {}],
    ['a bare object', message('p2'), {}],
    ['a byte order mark', `\ufeff[${message('p3')}]`, {}],
    ['no content type', `[${message('p4')}]`, { 'content-type': '' }],
    ['a form content type', `[${message('p5')}]`, { 'content-type': 'application/x-www-form-urlencoded' }],
    ['gzip that says so', gzipSync(`[${message('p6')}]`), { 'content-encoding': 'gzip' }],
    ['gzip that does not say so', gzipSync(message('p7')), {}],
    ['a content encoding that is none', `[${message('p8')}]`, { 'content-encoding': 'gzip' }],
    ['deflate', deflateSync(`[${message('p10')}]`), { 'content-encoding': 'deflate' }],
    ['bare deflate', deflateRawSync(`[${message('p11')}]`), { 'content-encoding': 'deflate' }],
    ['brotli', brotliCompressSync(`[${message('p12')}]`), { 'content-encoding': 'br' }],
    ['two codings', gzipSync(deflateSync(`[${message('p13')}]`)), { 'content-encoding': 'deflate, gzip' }],
    ['white space around it', `\r\n [${message('p9')}] \n`, {}],
  ])('is taken as %s', async (name, body, headers) => {
    const count = (await feed()).length;
    expect(await send(body, '', headers)).toEqual(acknowledged);
    await until(async () => (await feed()).length > count, { what: name });
  });

  it('keeps every digit', async () => {
    const text =
      '{"callId":"digits","callee":1,"a":1.10,"b":1E400,"c":-0,"d":12345678901234567890,"e":"\\ud800\\u0000"}';
    await send(`[ ${text} ]`);
    await messageOf('digits');
    expect(await feedText()).toContain(text);
  });

  it('lets the path name the type', async () => {
    expect(await send('[{"callId":"typed"}]', '/AlicomAgentCallNote')).toEqual(acknowledged);
    expect(await messageOf('typed')).toMatchObject({ type: 'AlicomAgentCallNote' });
  });

  it('is counted once, however often it comes', async () => {
    for (let time = 0; time < 3; time++) await send(`[${message('twice')},${message('twice')}]`);
    await send(`[${message('after-twice')}]`);
    await messageOf('after-twice');
    expect((await feed()).filter(({ callId }) => callId === 'twice')).toHaveLength(1);
  });

  it('costs its neighbours nothing where one item is bad', async () => {
    expect(await send(`[${message('good-1')},{"bad":"item-7"},${message('good-2')}]`)).toEqual(acknowledged);
    await messageOf('good-1');
    await messageOf('good-2');
    expect(await quarantined('{"bad":"item-7"}')).toMatchObject({ reason: 'no-call-id' });
  });

  it.each([
    ['[broken-1', 'not-json', 1],
    ['null', 'not-an-object', 1],
    ['{}', 'no-call-id', 0],
    ['[{"callId":"broken-2",}]', 'not-json', 0],
  ])('goes to quarantine where it is %j, and is acknowledged', async (body, reason, code) => {
    const answer = await send(body);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ code });
    expect(await quarantined(body)).toMatchObject({ reason, bytes: body.length });
  });

  it('leaves nothing where it is empty', async () => {
    const before = [await feedText(), await quarantine()];
    expect(await send('')).toEqual(acknowledged);
    expect(await send('[]')).toEqual(acknowledged);
    await send(`[${message('after-empty')}]`);
    await messageOf('after-empty');
    expect(await quarantine()).toEqual(before[1]);
  });

  it('leaves nothing where its upload breaks off', async () => {
    const { port } = new URL(service.url);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(
      `POST /push/${pushToken} HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n[${message('broken-off')}]`,
    );
    await new Promise<void>((resolve) => socket.end(resolve));
    socket.destroy();
    await send(`[${message('after-broken-off')}]`);
    await messageOf('after-broken-off');
    expect(await feedText()).not.toContain('"broken-off"');
    expect(JSON.stringify(await quarantine())).not.toContain('broken-off');
  });

  it('is refused with a number where its coding is unknown, so that it comes again', async () => {
    const answer = await send(`[${message('unknown-coding')}]`, '', { 'content-encoding': 'zstd' });
    expect(answer.status).toBe(415);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 415 });
  });

  it('of more than 64 MiB is refused with a numeric code', async () => {
    const answer = await send(new Uint8Array(64 * 1024 * 1024 + 1));
    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text)).toMatchObject({ code: 413 });
  });

  it('is taken one after the other over one connection, and many at a time', async () => {
    const ids = Array.from({ length: 200 }, (_, index) => `many-${index}`);
    const answers = await Promise.all(ids.map((id) => send(`[${message(id)}]`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    await until(
      async () => {
        const seen = new Set((await feed()).map(({ callId }) => callId));
        return ids.every((id) => seen.has(id));
      },
      { what: 'every message of many' },
    );
  });
});

describe('what is no push to a running server', () => {
  it('is a connectivity check with GET and HEAD', async () => {
    const response = await fetch(push);
    expect([response.status, await response.text()]).toEqual([200, acknowledged.text]);
    expect((await fetch(push, { method: 'HEAD' })).status).toBe(200);
  });

  it('is 404 and the same for every wrong token, with or without a type', async () => {
    const bodies = new Set<string>();
    for (const path of [
      '/push',
      '/push/',
      '/push/wrong',
      `/push/${pushToken}x`,
      '/push/wrong/AlicomAgentCallNote',
    ]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const response = await fetch(service.url + path, { method });
        bodies.add(`${response.status} ${await response.text()}`);
      }
    }
    expect([...bodies]).toEqual(['404 {"code":404,"msg":"Not found"}']);
  });

  it('is 404 for a type that there is not, and 4xx for another method, each with a numeric code', async () => {
    for (const [path, method, status] of [
      ['/Nonsense', 'POST', 404],
      ['', 'PUT', 405],
      ['', 'DELETE', 405],
    ] as const) {
      const response = await fetch(push + path, { method });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ code: status });
    }
  });
});
