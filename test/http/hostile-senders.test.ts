import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/settings/config.js';
import { startService, type Service } from '../../src/app/service.js';
import { patience } from '../support/test-run.js';
import { until } from '../support/until.js';

/*
 * Whoever is hostile or broken costs only themselves: while each of these attacks runs, a push of another source is
 * acknowledged within the 700 ms that its sender waits.
 */

const apiKey = 'api-key-of-this-test-0';
const mib = 1024 * 1024;

let folder: string;
let service: Service;
let hostile: string;
let other: string;
let port: number;
const sockets: Socket[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-hostile-'));
  const flags = {
    ...{ dataDir: join(folder, 'data'), port: '0', apiKey, logLevel: 'silent' },
    ...{ pushToken: 'token-of-the-hostile', recordingHosts: 'recordings.invalid' },
  };
  service = await startService(readConfig(flags, {}, folder));
  port = Number(new URL(service.url).port);
  hostile = '/push/token-of-the-hostile';
  const made = await ask('/api/v1/sources', { method: 'POST', body: JSON.stringify({ name: 'other' }) });
  const { pushUrl } = (await made.json()) as { pushUrl: string };
  other = new URL(pushUrl).pathname;
  // What is loaded once, and prepared by the first push, is no part of any attack.
  await push('[{"callId":"first","callee":"1"}]');
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

afterAll(async () => {
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

const ask = (path: string, init: RequestInit = {}) =>
  fetch(service.url + path, { ...init, headers: { authorization: `Bearer ${apiKey}` } });

async function push(body: string, path = other) {
  const startedAt = performance.now();
  const response = await fetch(service.url + path, { method: 'POST', body });
  const text = await response.text();
  return { status: response.status, text, ms: performance.now() - startedAt };
}

/** From its receipt on, beside bodies that each took tens of seconds when their cost was not bounded. */
const sortedWithinMs = 10_000;

/** What a machine that is busy with others may refuse, because it stood still for longer than a sender waits. */
const mayRefuse = patience > 1 ? 5 : 0;

async function expectOthersAcknowledged(): Promise<void> {
  let refused = 0;
  for (let acknowledged = 0; acknowledged < 5; acknowledged++) {
    const answer = await push(`[{"callId":"other-${performance.now()}","callee":"1"}]`);
    if (answer.status === 503 && refused++ < mayRefuse) {
      acknowledged--;
      continue;
    }
    expect(answer).toMatchObject({ status: 200, text: '{"code":0,"msg":"Received successfully"}' });
    expect(answer.ms).toBeLessThan(700 * patience);
  }
}

/** A connection that has sent `start`, and what came back on it. */
async function begin(start: string | Buffer): Promise<{ socket: Socket; answer: () => string }> {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(start);
  return { socket, answer: () => answer };
}

const head = (path: string, bytes: number) =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: ${bytes}\r\n\r\n`;

describe('a push of another source is acknowledged', () => {
  it('while 500 heads stay unfinished, each as large as one may be', async () => {
    const unfinished = `POST /push/x HTTP/1.1\r\n${'X: y\r\n'.repeat(10_000)}`;
    const before = process.memoryUsage();
    for (let count = 0; count < 500; count++) await begin(unfinished);
    await expectOthersAcknowledged();
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(150 * mib);
  });

  it('while a thousand strangers hold a connection each', async () => {
    for (let count = 0; count < 1_200; count++) await begin('GET ');
    await expectOthersAcknowledged();
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  });

  it('while 300 bodies for signing in stay unfinished; those that are large are refused at once', async () => {
    const large = await begin(head('/api/v1/session', mib) + 'x'.repeat(1_000));
    await until(() => /^HTTP\/1\.1 413 [^]*"code":"body-too-large"/.test(large.answer()), {
      what: 'a refusal',
    });
    const pieces = '1\r\nx\r\n'.repeat(10_000);
    const chunked = 'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    const before = process.memoryUsage();
    for (let count = 0; count < 300; count++) await begin(chunked + pieces);
    await expectOthersAcknowledged();
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(100 * mib);
  });

  it('while large uploads of one source stand still, which is refused beyond its share', async () => {
    const almost = Buffer.alloc(63 * mib, ' ');
    const first = await begin(head(hostile, 64 * mib));
    const second = await begin(head(hostile, 64 * mib));
    first.socket.write(almost);
    second.socket.write(almost);
    const isRefused = () =>
      [first, second].some(({ answer }) => /^HTTP\/1\.1 503 [^]*"code":503/.test(answer()));
    await until(isRefused, { what: 'the second refused' });
    await expectOthersAcknowledged();
    // Another source has room for a large one, too, and whoever asks hears that pushes are taken.
    const isTaken = async () => (await push(`[${' '.repeat(20 * mib)}]`)).status === 200;
    await until(isTaken, { what: 'a large push of another source' });
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  });

  it('while one source sends the largest pushes as fast as they are taken', async () => {
    const large = `[${' '.repeat(16 * mib)}]`;
    let isOver = false;
    const flood = Array.from({ length: 2 }, async () => {
      while (!isOver) await push(large, hostile);
    });
    await push(large, hostile);
    await expectOthersAcknowledged().finally(() => (isOver = true));
    await Promise.all(flood);
  });

  it('while one source sends its body byte by byte', async () => {
    const chunked = `POST ${hostile} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const before = process.memoryUsage();
    for (let count = 0; count < 2; count++) await begin(chunked + '1\r\n \r\n'.repeat(100_000));
    await expectOthersAcknowledged();
    const after = process.memoryUsage();
    expect(after.heapUsed + after.external - before.heapUsed - before.external).toBeLessThan(30 * mib);
  });
});

describe('a push of another source is acknowledged, and sorted in its turn,', () => {
  const nested = (depth: number, length: number) => {
    const one = '['.repeat(depth) + ']'.repeat(depth);
    return `[${Array.from({ length: length / one.length }, () => one).join(',')}]`;
  };
  it.each([
    ['two million numbers', () => `[${'1,'.repeat(2_000_000)}1]`],
    ['two million numbers in one message', () => `[{"callId":"1","n":[${'1,'.repeat(2_000_000)}1]}]`],
    ['values nested 198 deep, over and over', () => nested(198, 4 * mib)],
    ['values nested three million deep', () => '['.repeat(3_000_000)],
    [
      'a message of 300,000 keys',
      () => `[{"callId":"1",${Array.from({ length: 300_000 }, (_, key) => `"k${key}":1`).join()}}]`,
    ],
    ['two million empty objects', () => `[${'{},'.repeat(2_000_000)}{}]`],
    ['a string of four million escapes', () => `[{"callId":"1","text":"${'\\u0041'.repeat(4_000_000)}"}]`],
  ])('while one source sends %s, packed', async (name, make) => {
    const packed = gzipSync(make());
    const headers = { 'content-encoding': 'gzip' };
    const answers = Array.from({ length: 5 }, () =>
      fetch(service.url + hostile, { method: 'POST', body: packed, headers }),
    );
    // More than its share of what may wait is refused; what was taken is to be sorted.
    expect((await Promise.all(answers)).map(({ status }) => status)).toContain(200);
    const startedAt = performance.now();
    const callId = `beside-${Buffer.from(name).toString('hex')}`;
    await until(async () => (await push(`[{"callId":"${callId}","callee":"1"}]`)).status === 200, {
      what: 'an acknowledgement',
    });
    await expectOthersAcknowledged();
    await until(async () => (await ask(`/api/v1/calls/${callId}`)).status === 200, { what: 'the call' });
    expect(performance.now() - startedAt).toBeLessThan(sortedWithinMs * patience);
  });
});

describe('a push is acknowledged', () => {
  it('while somebody who may not see links opens a call with a message of many megabytes', async () => {
    const words = Array.from({ length: 40_000 }, (_, index) => `http://host.example/${index}?a=b c`);
    await push(
      JSON.stringify([{ callId: 'large', callee: '1', words, text: '? a=b '.repeat(1.5 * mib) }]),
      hostile,
    );
    const made = await ask('/api/v1/keys', {
      method: 'POST',
      body: JSON.stringify({ name: 'viewer', scopes: ['view'] }),
    });
    const { key } = (await made.json()) as { key: string };
    const open = () =>
      fetch(`${service.url}/api/v1/calls/large`, { headers: { authorization: `Bearer ${key}` } });
    await until(async () => (await open()).status === 200, { what: 'the call' });
    let isOver = false;
    const opened = open().then(async (answer) => {
      const text = await answer.text();
      isOver = true;
      return text;
    });
    do await expectOthersAcknowledged();
    while (!isOver);
    expect((await opened).length).toBeGreaterThan(9 * mib);
    expect(await opened).not.toContain('?a=b');
  });
});

describe('a sender that waits for 100 Continue', () => {
  const asks = (path: string, more = '') =>
    `POST ${path} HTTP/1.1\r\nHost: a\r\n${more}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`;
  it('is asked for its body once token or key are known to be right', async () => {
    for (const [path, more] of [
      [hostile, ''],
      ['/api/v1/messages', `Authorization: Bearer ${apiKey}\r\n`],
    ] as const) {
      const { socket, answer } = await begin(asks(path, more));
      await until(() => /^HTTP\/1\.1 100 /.test(answer()), { what: 'an invitation' });
      socket.write('[]');
      await until(() => /\r\nHTTP\/1\.1 20[02] /.test(answer()), { what: 'an answer' });
    }
  });

  it('is refused without a body where they are not', async () => {
    for (const [path, status] of [
      ['/push/wrong', 404],
      ['/api/v1/messages', 401],
    ] as const) {
      const { socket, answer } = await begin(asks(path));
      await once(socket, 'close');
      expect(answer()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    }
  });
});
