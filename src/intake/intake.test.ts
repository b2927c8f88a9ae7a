import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLocalPeers } from '../../test/support/local-peers.js';
import { until } from '../../test/support/until.js';
import type { ReceivedPush } from '../store/inbox.js';
import type { CommitResult } from './group-commit.js';
import { ArrivalRoom, type ArrivalLimits } from './arrival-room.js';
import { GatheredBytes } from './gathered-bytes.js';
import { Intake } from './intake.js';
import { createPushPathReader } from '../domain/push-path.js';

const token = 'correct-token-0123';
const peers = createLocalPeers();
afterEach(async () => {
  vi.useRealTimers();
  await peers.close();
});

interface Setup {
  readonly result?: CommitResult;
  readonly maxBodyBytes?: number;
  readonly maxArrivingBytes?: number;
  readonly room?: Partial<ArrivalLimits>;
  readonly maxBytesPerDay?: number;
}

/** Intake behind a plain HTTP server; what it submits is noted and answered at once. */
async function open({
  result = 'stored',
  maxBodyBytes = 1_000_000,
  maxArrivingBytes = 2_000_000,
  room = {},
  maxBytesPerDay = Infinity,
}: Setup = {}) {
  const submitted: ReceivedPush[] = [];
  const answered: { status: number; bytes: number }[] = [];
  const stored: string[] = [];
  const today = { bytes: 0 };
  const intake = new Intake({
    readPath: createPushPathReader([{ name: 'default', token }], () => 4_711),
    commit: {
      submit: (push, done) => {
        submitted.push(push);
        done(result);
      },
    },
    clock: () => 4_711,
    onStored: (source) => stored.push(source),
    onAnswered: (status, durationMs, bytes) => {
      expect(durationMs).toBeGreaterThanOrEqual(0);
      answered.push({ status, bytes });
    },
    maxBodyBytes,
    allowance: {
      take: (_, bytes) => {
        const isTaken = today.bytes + bytes <= maxBytesPerDay;
        if (isTaken) today.bytes += bytes;
        return isTaken;
      },
      giveBack: (_, bytes) => {
        today.bytes -= bytes;
      },
    },
    room: new ArrivalRoom(() => 4_711, {
      ...{ totalBytes: maxArrivingBytes, ofSourceBytes: maxArrivingBytes, reserveBytes: 0, firstBytes: 0 },
      ...room,
    }),
  });
  let closed = 0;
  let known = 0;
  const server = createServer((request, response) => {
    request.on('close', () => closed++);
    intake.handle(request, response, () => known++);
  });
  const port = await peers.listen(server);
  return {
    submitted,
    stored,
    today,
    answered,
    port,
    closedRequests: () => closed,
    known: () => known,
    ask: async (path: string, init: RequestInit = {}) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: text === '' ? undefined : (JSON.parse(text) as { code: number }),
      };
    },
  };
}

const post = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers,
});
const ok = '{"code":0,"msg":"Received successfully"}';

describe('a push', () => {
  it('goes to the inbox exactly as it came, with all that is known of it', async () => {
    const { ask, submitted, answered } = await open();
    const bytes = gzipSync('[1]');
    const headers = { 'content-encoding': 'gzip', 'content-type': 'text/nonsense' };
    const answer = await ask(`/push/${token}/AlicomAgentCallNote`, post(bytes, headers));
    expect(answer).toMatchObject({ status: 200, text: ok });
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(submitted).toEqual([
      {
        receivedAt: 4_711,
        source: 'default',
        pathType: 'AlicomAgentCallNote',
        remoteAddress: '127.0.0.1',
        contentEncoding: 'gzip',
        body: bytes,
      },
    ]);
    expect(answered).toEqual([{ status: 200, bytes: bytes.length }]);
  });

  it('has no type and no encoding where none was named', async () => {
    const { ask, submitted } = await open();
    await ask(`/push/${token}`, post('[]'));
    expect(Object.keys(submitted[0] ?? {}).toSorted()).toEqual([
      'body',
      'receivedAt',
      'remoteAddress',
      'source',
    ]);
  });

  it('that is empty is acknowledged and leaves nothing', async () => {
    const { ask, submitted } = await open();
    expect(await ask(`/push/${token}`, { method: 'POST' })).toMatchObject({ status: 200, text: ok });
    expect(submitted).toEqual([]);
  });

  it.each(['null', '5', 'code=0&x=y', '{"callId":"1"', '   '])(
    'that plainly is none, %j, is kept and told so',
    async (body) => {
      const { ask, submitted } = await open();
      const answer = await ask(`/push/${token}`, post(body));
      expect(answer).toMatchObject({ status: 200, body: { code: 1 } });
      expect(answer.text).toContain('quarantine');
      expect(submitted).toHaveLength(1);
    },
  );

  it.each([
    ['late', 503],
    ['failed', 503],
    ['overloaded', 503],
  ] as const)('that is %s is answered %i with a numeric code', async (result, status) => {
    const { ask } = await open({ result });
    expect(await ask(`/push/${token}`, post('[]'))).toMatchObject({ status, body: { code: status } });
    // What could not be stored is not called quarantined either.
    expect(await ask(`/push/${token}`, post('null'))).toMatchObject({ status, body: { code: status } });
  });
});

describe('a Content-Encoding', () => {
  it.each(['gzip', 'x-gzip', 'deflate', 'br', 'identity', 'GZIP', 'deflate, gzip', ''])(
    'is taken: %j',
    async (coding) => {
      const { ask, submitted } = await open();
      expect(await ask(`/push/${token}`, post('[1]', { 'content-encoding': coding }))).toMatchObject({
        status: 200,
        text: ok,
      });
      expect(submitted).toHaveLength(1);
    },
  );

  it.each(['zstd', 'compress', 'aws-chunked', 'gzip, zstd', 'gzip, gzip, gzip, gzip', 'constructor'])(
    'that cannot be unpacked is refused with a number: %j',
    async (coding) => {
      const { ask, submitted } = await open();
      const answer = await ask(`/push/${token}`, post('[1]', { 'content-encoding': coding }));
      expect(answer).toMatchObject({ status: 415, body: { code: 415 } });
      expect(answer.headers.get('accept-encoding')).toBe('gzip, deflate, br');
      expect(submitted).toEqual([]);
    },
  );
});

describe('the connectivity check', () => {
  it('is answered like a push, and leaves nothing', async () => {
    const { ask, submitted } = await open();
    for (const path of [`/push/${token}`, `/push/${token}/`, `/push/${token}/AlicomAgentCallRecord`]) {
      expect(await ask(path)).toMatchObject({ status: 200, text: ok });
      const head = await ask(path, { method: 'HEAD' });
      expect(head).toMatchObject({ status: 200, text: '' });
      expect(head.headers.get('content-length')).toBe(String(ok.length));
    }
    expect(submitted).toEqual([]);
  });
});

describe('a wrong address', () => {
  it('gets the same answer for every token and every method', async () => {
    const { ask, submitted } = await open();
    const answers = new Set<string>();
    for (const path of [
      '/push',
      '/push/',
      '/push/wrong',
      `/push/${token}x`,
      `/push/wrong/AlicomAgentCallNote`,
      '/push/a/b/c',
    ]) {
      for (const method of ['POST', 'GET', 'PUT', 'DELETE', 'OPTIONS']) {
        const { status, text } = await ask(path, { method, ...(method === 'POST' ? { body: '[]' } : {}) });
        answers.add(`${status} ${text}`);
      }
    }
    expect([...answers]).toEqual(['404 {"code":404,"msg":"Not found"}']);
    expect(submitted).toEqual([]);
  });

  it('is 404 with a numeric code for a type that there is not', async () => {
    const { ask } = await open();
    for (const init of [post('[]'), { method: 'GET' }]) {
      expect(await ask(`/push/${token}/Nonsense`, init)).toMatchObject({ status: 404, body: { code: 404 } });
    }
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('is 405 with a numeric code for %s', async (method) => {
    const { ask } = await open();
    const answer = await ask(`/push/${token}`, { method });
    expect(answer).toMatchObject({ status: 405, body: { code: 405 } });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

describe('a push that is too large', () => {
  it('is refused by its declared length, before it has come', async () => {
    const { port, submitted } = await open({ maxBodyBytes: 100 });
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST /push/${token} HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 413 [^]*"code":413/);
    expect(submitted).toEqual([]);
  });

  it('is refused by the bytes that come, where no length was declared', async () => {
    const { ask, submitted, answered } = await open({ maxBodyBytes: 100_000 });
    const body = new ReadableStream({
      start: (stream) => {
        for (let sent = 0; sent < 12; sent++) stream.enqueue(new Uint8Array(10_000));
        stream.close();
      },
    });
    const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
    expect(await ask(`/push/${token}`, init)).toMatchObject({ status: 413, body: { code: 413 } });
    expect(submitted).toEqual([]);
    expect(answered).toHaveLength(1);
  });

  it('is taken up to the last byte of the limit', async () => {
    const { ask, submitted } = await open({ maxBodyBytes: 100_000 });
    expect(await ask(`/push/${token}`, post('x'.repeat(100_000)))).toMatchObject({ status: 200 });
    expect(submitted[0]?.body).toHaveLength(100_000);
  });

  it('hears of it although it is still sending', async () => {
    const { ask } = await open({ maxBodyBytes: 1_000_000, maxArrivingBytes: 50_000_000 });
    for (let round = 0; round < 5; round++) {
      const answer = await ask(`/push/${token}`, post(new Uint8Array(20_000_000)));
      expect(answer).toMatchObject({ status: 413, body: { code: 413 } });
    }
  });
});

describe('an upload that breaks off', () => {
  it('leaves nothing, and gives back the room that it took', async () => {
    const { port, ask, submitted, closedRequests } = await open({
      maxBodyBytes: 1_000,
      maxArrivingBytes: 1_000,
    });
    for (let round = 1; round <= 5; round++) {
      const socket = connect(port, '127.0.0.1');
      socket.write(
        `POST /push/${token} HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n[${'1,'.repeat(300)}`,
      );
      await once(socket, 'connect');
      await new Promise<void>((resolve) => socket.end(resolve));
      socket.destroy();
      await until(() => closedRequests() >= round, { what: 'the request closed' });
    }
    expect(await ask(`/push/${token}`, post('x'.repeat(900)))).toMatchObject({ status: 200 });
    expect(submitted).toHaveLength(1);
  });

  it('of many at once is bounded: beyond that the answer is 503', async () => {
    const { port, ask } = await open({ maxBodyBytes: 1_000, maxArrivingBytes: 1_500 });
    const slow = connect(port, '127.0.0.1');
    slow.write(`POST /push/${token} HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n${'x'.repeat(998)}`);
    await until(async () => (await ask(`/push/${token}`, post('x'.repeat(600)))).status === 503, {
      what: 'a 503',
    });
    expect(await ask(`/push/${token}`, post('x'.repeat(100)))).toMatchObject({ status: 200 });
    slow.write('x');
    const [answer] = (await once(slow, 'data')) as [Buffer];
    expect(answer.toString()).toContain('200 OK');
    expect(await ask(`/push/${token}`, post('x'.repeat(600)))).toMatchObject({ status: 200 });
  });
});

describe('uploads of several sources', () => {
  it('have room each: what one source takes, the others do not miss', async () => {
    const room = { totalBytes: 1_000, ofSourceBytes: 700, reserveBytes: 200, firstBytes: 100 };
    const arriving = new ArrivalRoom(() => 5, room);
    expect(arriving.take('a', 700)).toBe(true);
    expect(arriving.take('a', 1)).toBe(false);
    expect(arriving.lastFullAt).toBeUndefined();
    // Beyond its first bytes another gets what is left without the reserve, and its first bytes in any case.
    expect(arriving.take('b', 101)).toBe(false);
    expect(arriving.lastFullAt).toBe(5);
    for (const source of ['b', 'c', 'd']) expect(arriving.take(source, 100)).toBe(true);
    expect(arriving.take('e', 1)).toBe(false);
    arriving.giveBack('a', 700);
    expect(arriving.take('b', 500)).toBe(true);
  });

  it('end where they hardly move, with a number, and give their room back', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { port, ask, submitted } = await open({ maxBodyBytes: 1_000_000, maxArrivingBytes: 400_000 });
    const start = `POST /push/${token} HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n`;
    const [still, moving] = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
    still.write(start + 'x'.repeat(100));
    moving.write(start + 'x'.repeat(100_000));
    await until(async () => (await ask(`/push/${token}`, post('x'.repeat(299_950)))).status === 503, {
      what: 'both arriving',
    });
    vi.advanceTimersByTime(10_000);
    moving.write('x'.repeat(200_000));
    await until(async () => (await ask(`/push/${token}`, post('x'.repeat(99_950)))).status === 503, {
      what: 'more of it',
    });
    vi.advanceTimersByTime(10_000);
    const [answer] = (await once(still, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 408 [^]*"code":408/);
    await once(still, 'close');
    moving.write('x'.repeat(100_000));
    await until(async () => (await ask(`/push/${token}`, post('x'))).status === 503, {
      what: 'its room taken',
    });
    moving.destroy();
    await until(async () => (await ask(`/push/${token}`, post('x'.repeat(300_000)))).status === 200, {
      what: 'room',
    });
    expect(submitted.every(({ body }) => body.length !== 999_999)).toBe(true);
  });
});

describe('a body in pieces', () => {
  it('is what was sent, and takes little more than that', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 5 }),
      fc.uint8Array({ minLength: 4_090, maxLength: 5_000 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const body = new GatheredBytes();
        for (const bytes of pieces) body.add(Buffer.from(bytes));
        const whole = Buffer.concat(pieces);
        expect(body.length).toBe(whole.length);
        expect(body.whole().equals(whole)).toBe(true);
      }),
    );
  });
});

describe('a source that has sent what it may in one day', () => {
  const path = `/push/${token}`;

  it('is told to come again before anything is acknowledged, and is checked as ever', async () => {
    const { ask, submitted, answered } = await open({ maxBytesPerDay: 12 });
    const answers = [];
    for (const body of ['[{"a":1}]', '[{"b":1}]', '[]', '[]', ''])
      answers.push(await ask(path, { method: 'POST', body }));
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 200, 503, 200]);
    expect(answers[1]?.body?.code).toBe(503);
    expect((await ask(path)).status).toBe(200);
    expect(submitted).toHaveLength(2);
    expect(answered[1]).toEqual({ status: 503, bytes: 9 });
  });

  it('has not sent what could not be stored', async () => {
    const { ask, today } = await open({ maxBytesPerDay: 12, result: 'failed' });
    expect((await ask(path, { method: 'POST', body: '[1]' })).status).toBe(503);
    expect(today.bytes).toBe(0);
  });
});
