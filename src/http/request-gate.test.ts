import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { until } from '../../test/support/until.js';
import { createRawServer } from './raw-server.js';

/** What a handler has read, whole. */
interface Read {
  readonly url: string | undefined;
  readonly body: string;
}

let server: Server;
let read: Read[];
/** Pushes wait for their answer until this resolves. */
let mayAnswer: Promise<void>;
const sockets: Socket[] = [];

beforeEach(async () => {
  read = [];
  mayAnswer = Promise.resolve();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const chunks: Buffer[] = [];
    request
      .on('data', (chunk: Buffer) => chunks.push(chunk))
      .on('end', () => {
        read.push({ url: request.url, body: Buffer.concat(chunks).toString() });
        void mayAnswer.then(() => response.end(`{"code":0,"path":"${request.url}"}`));
      });
  };
  const handle = (request: IncomingMessage, response: ServerResponse, onKnown: () => void): void => {
    if (request.url?.includes('wrong')) {
      response.writeHead(404).end('{"code":404}');
      return;
    }
    onKnown();
    answer(request, response);
  };
  server = createRawServer(answer, { handle }, () => 'open');
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  vi.useRealTimers();
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function open() {
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true });
  sockets.push(socket);
  const state = { answer: '', isClosed: false };
  let peer: Socket | undefined;
  socket.setEncoding('latin1').on('data', (text: string) => (state.answer += text));
  socket.on('error', () => undefined).on('close', () => (state.isClosed = true));
  return {
    socket,
    state,
    /** The statuses so far. */
    statuses: () => [...state.answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)),
    /** Each piece is read before the next is written. */
    async send(...pieces: string[]) {
      for (const piece of pieces) {
        peer ??= await until(() => accepted.get(socket.localPort ?? 0), {
          what: 'the connection',
          everyMs: 1,
        });
        const { bytesRead } = peer;
        const goal = bytesRead + piece.length;
        socket.write(piece, 'latin1');
        const at = peer;
        const isRead = () => at.destroyed || at.isPaused() || at.bytesRead >= goal;
        await until(isRead, { what: 'the piece read', everyMs: 1 });
      }
    },
    until: (found: RegExp) => until(() => found.test(state.answer), { what: String(found) }),
  };
}

const accepted = new Map<number, Socket>();
beforeEach(() => {
  accepted.clear();
  server.on('connection', (socket) => accepted.set(socket.remotePort ?? 0, socket));
});

const cut = (text: string, ...at: number[]): string[] =>
  [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length));
const push = (headers: string, body = '', path = '/push/token') =>
  `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n${body}`;

describe('lengths that are told twice', () => {
  const twice = push('Content-Length: 5\r\nX: y\r\ncontent-length:5\r\n', '[1,2]');
  it.each([
    ['in one packet', [twice]],
    ['in three', cut(twice, 9, 60)],
    ['byte by byte', Array.from(twice)],
    ['in one line', [push('Content-Length: 5, 5\r\n', '[1,2]')]],
    ['three times', [push('Content-Length: 5\r\nContent-Length: 5\r\nContent-Length: 5\r\n', '[1,2]')]],
    ['on the second request', [push('Content-Length: 2\r\n', '[]'), ...cut(twice, 9, 60)]],
  ])('are one length where they are equal: %s', async (_, pieces) => {
    const { send, until: wait } = open();
    await send(...pieces);
    await wait(/200 OK[^]*"code":0/);
    await until(() => read.at(-1)?.body === '[1,2]', { what: 'the body' });
  });

  it.each([
    'Content-Length: 5\r\nContent-Length: 6\r\n',
    'Content-Length: 5, 6\r\n',
    'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n',
  ])('are refused with a number where they differ: %j', async (headers) => {
    for (const pieces of [[push(headers, '[1,2]')], cut(push(headers, '[1,2]'), 9, 60)]) {
      const { send, until: wait, statuses } = open();
      await send(...pieces);
      await wait(/"code":400/);
      expect(statuses()).toEqual([400]);
    }
    expect(read).toEqual([]);
  });
});

describe('a refusal before intake', () => {
  const tooMany = 'X: y\r\n'.repeat(1_001);
  it.each([
    ['a header that is none', 'bad header\r\n', 400],
    ['a length that is none', 'Content-Length: five\r\n', 400],
    ['two hosts', 'Host: b\r\n', 400],
    ['the same host twice', 'host: a\r\n', 400],
    ['an expectation that is unknown', 'Expect: wonders\r\nContent-Length: 2\r\n', 417],
    ['more than 1,000 headers', tooMany, 431],
    ['headers of more than 64 KiB', `X: ${'y'.repeat(70_000)}\r\n`, 431],
    ['a line without an end', 'y'.repeat(70_000), 431],
  ])('has the form of its place: %s', async (_, headers, status) => {
    const first = push('Content-Length: 2\r\n', '[]');
    for (const before of ['', first]) {
      for (const target of ['/push/token', '//push/token', 'http://a/push/token', '/api/v1/calls']) {
        const { send, until: wait, statuses } = open();
        if (before !== '') await send(before);
        await wait(before === '' ? /^/ : /"code":0/);
        await send(...cut(push(headers, '', target), 3, 30));
        await wait(/"code":("[a-z-]+"|[1-9]\d\d)/);
        expect(statuses().at(-1)).toBe(status);
      }
    }
  });

  it('is a number on a push path and a word elsewhere', async () => {
    for (const [target, code] of [
      ['/push/token', /"code":431/],
      ['/healthz', /"code":"headers-too-large"/],
    ] as const) {
      const { send, until: wait } = open();
      await send(push(tooMany, '', target));
      await wait(code);
    }
  });

  it.each(['\u0016\u0003\u0001\u0002', '}', 'nonsense\r\n', ' POST / HTTP/1.1\r\n', 'GET /\r\n'])(
    'does not wait for the rest of what can be no request: %j',
    async (start) => {
      const { send, until: wait } = open();
      await send(start);
      await wait(/^HTTP\/1\.1 400 /);
    },
  );

  it('comes with a number where the body breaks', async () => {
    const { send, until: wait } = open();
    await send(push('Transfer-Encoding: chunked\r\n', '3\r\n[1,\r\n'), 'no size\r\n');
    await wait(/400 Bad Request[^]*"code":400/);
    expect(read).toEqual([]);
  });
});

describe('a request without Host', () => {
  it.each(['/healthz', '/readyz', '/readyz?full=1', '/push/token', '//push/token'])(
    'is answered: %s',
    async (target) => {
      for (const method of ['GET', 'HEAD', 'POST']) {
        const { send, until: wait } = open();
        await send(`${method} ${target} HTTP/1.1\r\nContent-Length: 0\r\n\r\n`);
        await wait(/^HTTP\/1\.1 200 /);
      }
    },
  );

  it('is refused elsewhere, with a word', async () => {
    const { send, until: wait } = open();
    await send('GET /api/v1/calls HTTP/1.1\r\n\r\n');
    await wait(/^HTTP\/1\.1 400 [^]*"code":"bad-request"/);
  });

  it('is answered everywhere in HTTP/1.0', async () => {
    const { send, until: wait } = open();
    await send('GET /api/v1/calls HTTP/1.0\r\n\r\n');
    await wait(/^HTTP\/1\.1 200 /);
  });
});

describe('what comes behind a whole push', () => {
  const whole = push('Content-Length: 2\r\n', '[]');
  it.each([
    ' ',
    '}',
    '"}]',
    '\r\n }',
    'bad head\r\n\r\n',
    push('Content-Length: x\r\n'),
    push('bad\r\n'),
    '\u0000'.repeat(200),
  ])('is refused behind the acknowledgement, however long that takes: %j', async (surplus) => {
    for (const pieces of [[whole + surplus], [whole, surplus]]) {
      let release = (): void => undefined;
      mayAnswer = new Promise((resolve) => (release = resolve));
      const { socket, state, statuses } = open();
      for (const piece of pieces) socket.write(piece, 'latin1');
      const before = read.length;
      await until(() => read.length > before, { what: 'the push' });
      expect(statuses()).toEqual([]);
      release();
      await until(() => state.isClosed, { what: 'the end' });
      expect(statuses()).toEqual([200, 400]);
      expect(state.answer).toMatch(/"code":0[^]*"code":/);
    }
  });

  it('is a request of its own where it is one, answered in turn', async () => {
    const { send, statuses } = open();
    await send(whole + push('Content-Length: 3\r\n', '[1]') + '\r\n' + push('Content-Length: 3\r\n', '[2]'));
    await until(() => statuses().length === 3, { what: 'three answers' });
    expect(read.map(({ body }) => body)).toEqual(['[]', '[1]', '[2]']);
  });

  it('may be the end: who sends no more still gets the answer', async () => {
    let release = (): void => undefined;
    mayAnswer = new Promise((resolve) => (release = resolve));
    const { socket, state } = open();
    socket.end(whole);
    await until(() => read.length > 0, { what: 'the push' });
    release();
    await until(() => state.isClosed, { what: 'the end' });
    expect(state.answer).toMatch(/^HTTP\/1\.1 200 [^]*"code":0/);
  });
});

describe('a sender that waits for 100 Continue', () => {
  it('is not asked for its body where the token is wrong', async () => {
    const { send, state } = open();
    await send(push('Expect: 100-continue\r\nContent-Length: 2\r\n', '', '/push/wrong'));
    await until(() => state.isClosed, { what: 'the end' });
    expect(state.answer).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe('requests on one connection', () => {
  const chunked = (body: string, sizes: readonly number[]): string => {
    let at = 0;
    let text = '';
    for (const size of sizes) {
      const chunk = body.slice(at, (at += size));
      if (chunk !== '') text += `${chunk.length.toString(16)};a=b\r\n${chunk}\r\n`;
    }
    const rest = body.slice(at);
    if (rest !== '') text += `00${rest.length.toString(16).toUpperCase()}\r\n${rest}\r\n`;
    return push('Transfer-Encoding: chunked\r\n', `${text}0\r\n${body.length % 2 ? 'X: y\r\n' : ''}\r\n`);
  };
  const body = fc.string({ unit: fc.constantFrom('[', ']', '\r', '\n', '0', 'a'), maxLength: 60 });
  const request = fc.oneof(
    body.map((text) => ({ text, wire: push(`Content-Length: ${text.length}\r\n`, text) })),
    fc
      .tuple(body, fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 4 }))
      .map(([text, sizes]) => ({ text, wire: chunked(text, sizes) })),
  );

  it('come out as they were sent, wherever the packets end', async () => {
    const many = fc.tuple(
      fc.array(request, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(many, async ([requests, places]) => {
        read = [];
        const wire = requests.map((one) => one.wire).join('');
        const at = [...new Set(places.map((place) => place % wire.length))]
          .sort((a, b) => a - b)
          .filter((place) => place > 0);
        const { send, socket, statuses } = open();
        await send(...cut(wire, ...at));
        await until(() => statuses().length === requests.length, { what: 'all answers' });
        expect(read.map((one) => one.body)).toEqual(requests.map((one) => one.text));
        socket.destroy();
      }),
      { numRuns: 40 },
    );
  });
});

describe('what does not come to an end', () => {
  it.each([
    ['a head', 'POST /push/tok', 30_000, /^HTTP\/1\.1 408 [^]*"code":408/],
    [
      'a body',
      'POST /api/v1/session HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{',
      15_000,
      /^HTTP\/1\.1 408 [^]*"code":"request-late"/,
    ],
  ])('is ended: %s', async (_, start, ms, answer) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { send, until: wait, statuses } = open();
    await send(start);
    vi.advanceTimersByTime(ms - 1);
    expect(statuses()).toEqual([]);
    vi.advanceTimersByTime(1);
    await wait(answer);
  });

  it('has more time where a token has been shown', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { send, until: wait } = open();
    await send(push('Content-Length: 5\r\n', '[1'));
    vi.advanceTimersByTime(60_000);
    await send(',2]');
    await wait(/^HTTP\/1\.1 200 /);
  });
});
