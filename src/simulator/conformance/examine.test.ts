import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createLocalPeers } from '../../../test/support/local-peers.js';
import { acknowledge } from '../../protocol/acknowledgement.js';
import { parsePush } from '../../protocol/parse-push.js';
import { toWebhookSecret, verifySignature } from '../../protocol/webhook-signature.js';
import { SimulationOptionError } from '../simulation-options.js';
import { examine, type ExaminationReport, type ExaminationRequest } from './examine.js';
import type { Finding } from './exam.js';

interface Received {
  readonly method: string;
  readonly body: Buffer;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

type Answer = { status?: number; body?: string; type?: string } | 'break' | 'silence';

const peers = createLocalPeers();
const good = JSON.stringify(acknowledge());

afterEach(() => peers.close());

/** Examines a receiver that answers as `answer` says, without waiting between the pushes of a rate. */
async function examineOne(
  answer: (received: Received) => Answer | Promise<Answer>,
  request: Partial<ExaminationRequest> = {},
  stopwatch?: () => number,
): Promise<ExaminationReport & { verdicts: Record<string, Finding['verdict']> }> {
  const port = await peers.serve((incoming, response) => {
    void readAll(incoming).then(async (received) => {
      reply(response, received.method, await answer(received));
    });
  });
  const report = await examine(
    { to: `http://127.0.0.1:${port}/push/secret-of-the-path`, rateLimit: 10, ...request },
    {
      clock: () => Date.now(),
      random: () => 0.5,
      wait: () => Promise.resolve(),
      ...(stopwatch ? { stopwatch } : {}),
    },
  );
  expect(JSON.stringify(report)).not.toContain('secret-of-the-path');
  return { ...report, verdicts: Object.fromEntries(report.findings.map(({ id, verdict }) => [id, verdict])) };
}

async function readAll(incoming: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return { method: incoming.method ?? '', body, text: body.toString(), headers: incoming.headers };
}

function reply(response: ServerResponse, method: string, answer: Answer): void {
  if (answer === 'silence') return;
  if (answer === 'break') {
    response.destroy();
    return;
  }
  const { status = 200, body = good, type = 'application/json' } = answer;
  response.writeHead(status, { 'content-type': type }).end(method === 'HEAD' ? undefined : body);
}

const failed = ({ findings }: ExaminationReport): string[] =>
  findings.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id);
const noted = ({ findings }: ExaminationReport): string[] =>
  findings.filter(({ verdict }) => verdict === 'note').map(({ id }) => id);
const remedyOf = ({ findings }: ExaminationReport, id: string): string =>
  findings.find((finding) => finding.id === id)?.remedy ?? '';

describe('examining a receiver', () => {
  it('passes one that does everything, and says what to look for in it', async () => {
    const kept = new Set<string>();
    const report = await examineOne(({ body }) => {
      for (const { callId } of parsePush(body).messages) kept.add(callId);
      return {};
    });
    expect(report).toMatchObject({ conforms: true });
    expect([...failed(report), ...noted(report)]).toEqual([]);
    expect(report.findings.every(({ remedy }) => remedy === undefined)).toBe(true);
    expect(kept.size).toBe(report.acknowledgedCalls);
    expect([...kept].every((callId) => callId.startsWith(report.callIdPrefix))).toBe(true);
    expect(report.callIdPrefix).toMatch(/^earshot-conformance-/);
    expect(report.lookFor.join('\n')).toMatch(/duplicate: once/);
    expect(
      report.rates.map(({ pushesPerSecond, pushes, acknowledged }) => [
        pushesPerSecond,
        pushes,
        acknowledged,
      ]),
    ).toEqual([
      [1, 3, 3],
      [10, 25, 25],
    ]);
  });

  it('leaves nothing that could be fetched, or taken for real', async () => {
    await examineOne(({ text, method }) => {
      if (method === 'POST' && text !== '[]') expect(text).toMatch(/earshot-conformance-[0-9a-f]{8}\^/);
      for (const [, host] of text.matchAll(/http:\/\/([^/]+)/g))
        expect(host).toBe('earshot-conformance.invalid');
      return {};
    });
  });

  it('tells a `code` that is a string', async () => {
    const report = await examineOne(() => ({ body: '{"code":"0"}' }));
    expect(report.conforms).toBe(false);
    expect(failed(report)).toEqual(['numeric-code']);
    expect(report.verdicts).toMatchObject({ answers: 'pass', 'status-200': 'pass', 'numeric-code': 'fail' });
    expect(remedyOf(report, 'numeric-code')).toContain('without quotes');
  });

  it('tells a page from an acknowledgement', async () => {
    const report = await examineOne(() => ({ body: '<p>OK</p>', type: 'text/html' }));
    expect(report.verdicts).toMatchObject({
      'status-200': 'pass',
      'numeric-code': 'fail',
      'answer-content-type': 'note',
    });
  });

  it.each([201, 204, 302, 500])('tells status %i, whatever the code', async (status) => {
    const report = await examineOne(() => (status === 204 ? { status, body: '' } : { status }));
    expect(report.conforms).toBe(false);
    expect(report.verdicts).toMatchObject({
      answers: 'pass',
      'status-200': 'fail',
      'numeric-code': status === 204 ? 'fail' : 'pass',
    });
  });

  it('tells one that is slow', async () => {
    // Twenty times as fast as the world: what takes 50 ms is seen to take a second.
    const report = await examineOne(
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 50));
        return {};
      },
      {},
      () => performance.now() * 20,
    );
    expect(report.verdicts).toMatchObject({
      'status-200': 'pass',
      'numeric-code': 'pass',
      'in-time': 'fail',
    });
    expect(remedyOf(report, 'in-time')).toContain('Answer first');
    expect(report.conforms).toBe(false);
  });

  it('tells one that refuses a batch for one bad item, and nothing else', async () => {
    const report = await examineOne(({ body }) =>
      parsePush(body).unreadable.length > 0 ? { status: 400 } : {},
    );
    expect(failed(report)).toEqual(['bad-item']);
    expect(report.lookFor.join('\n')).not.toContain('neighbour');
  });

  it('tells strict schemas and small arrays', async () => {
    const strict = await examineOne(({ text }) => (text.includes('newField') ? { status: 422 } : {}));
    expect(failed(strict)).toEqual(['unknown-fields']);
    const small = await examineOne(({ body }) =>
      parsePush(body).messages.length > 100 ? { status: 413 } : {},
    );
    expect(failed(small)).toEqual(['array-of-500']);
  });

  it('tells one that refuses what it has already', async () => {
    const seen = new Set<string>();
    const report = await examineOne(({ text }) => {
      if (!text.includes('duplicate') || !seen.has(text)) {
        seen.add(text);
        return {};
      }
      return { status: 409, body: '{"code":409}' };
    });
    expect(failed(report)).toEqual(['duplicate-push']);
  });

  it('notes what is good to have, without failing for it', async () => {
    const report = await examineOne(({ method, text, headers }) => {
      if (method !== 'POST') return { status: 404 };
      const isOdd = text.startsWith('\uFEFF') || text === '[]' || !text.startsWith('[');
      if (isOdd || !(headers['content-type'] ?? '').startsWith('application/json')) return { status: 415 };
      return text.length > 1e6 ? 'break' : {};
    });
    expect(failed(report)).toEqual([]);
    expect(report.conforms).toBe(true);
    expect(noted(report)).toEqual([
      'connectivity-get',
      'connectivity-head',
      'empty-array',
      'bare-object',
      'byte-order-mark',
      'content-type-none',
      'content-type-text',
      'content-type-form',
      'ten-megabytes',
    ]);
  });

  it('tells one that a large push takes down', async () => {
    let isDown = false;
    const report = await examineOne(({ text }) => {
      isDown ||= text.length > 1e6;
      return isDown ? 'break' : {};
    });
    expect(failed(report)).toContain('alive-after-ten-megabytes');
    expect(noted(report)).toEqual(['ten-megabytes']);
  });

  it('stops at the first rate that is too much; above ten a second that is a note', async () => {
    const report = await examineOne(({ text }) => (text.includes('rate-50-') ? { status: 503 } : {}), {
      rateLimit: 200,
    });
    expect(report.conforms).toBe(true);
    expect(report.verdicts).toMatchObject({
      'rate-1': 'pass',
      'rate-10': 'pass',
      'rate-50': 'note',
      'rate-100': 'skipped',
      'rate-200': 'skipped',
    });
    expect(report.verdicts['rate-400']).toBeUndefined();
  });

  it('fails one that cannot take ten pushes a second', async () => {
    const report = await examineOne(({ text }) => (text.includes('rate-10-') ? 'break' : {}));
    expect(failed(report)).toEqual(['rate-10']);
  });

  it('signs its pushes, and tells whether forgeries are refused', async () => {
    const secret = toWebhookSecret(Buffer.alloc(32, 9));
    const ids = new Map<string, number>();
    const strict = await examineOne(
      ({ method, headers, body }) => {
        if (method !== 'POST') return {};
        const id = String(headers['webhook-id']);
        ids.set(id, (ids.get(id) ?? 0) + 1);
        return verifySignature({ secret, headers, body, now: Date.now() }) ? {} : { status: 401 };
      },
      { secret },
    );
    expect([...failed(strict), ...noted(strict)]).toEqual([]);
    expect(strict.verdicts).toMatchObject({
      'wrong-signature': 'pass',
      'no-signature': 'pass',
      'old-signature': 'pass',
    });
    expect([...ids.values()].filter((times) => times > 1)).toEqual([2]);
    const careless = await examineOne(() => ({}), { secret });
    expect(careless.conforms).toBe(true);
    expect(noted(careless)).toEqual(['wrong-signature', 'no-signature', 'old-signature']);
  });

  it('looks no further where nobody answers', async () => {
    const broken = await examineOne(() => 'break');
    expect(broken.findings).toHaveLength(1);
    expect(broken).toMatchObject({ conforms: false, acknowledgedCalls: 0 });
    expect(broken.verdicts).toEqual({ answers: 'fail' });
  });

  it('tells silence from absence', async () => {
    const port = await peers.serve(() => undefined);
    const deps = { clock: () => 0, random: () => 0.5, patienceMs: 50 };
    const silent = await examine({ to: `http://127.0.0.1:${port}` }, deps);
    expect(silent.findings).toMatchObject([{ id: 'answers', verdict: 'fail' }]);
    expect(silent.findings[0]?.came).toMatch(/^nothing within/);
    expect(remedyOf(silent, 'answers')).toContain('Something is there');
    const absent = await examine({ to: 'http://127.0.0.1:1' }, deps);
    expect(absent.findings[0]?.came).toContain('connection-refused');
    expect(remedyOf(absent, 'answers')).toContain('Check that the receiver runs');
  });

  it('decides nothing when it is stopped', async () => {
    const stop = new AbortController();
    const port = await peers.serve((_request, response) => {
      stop.abort();
      response.end(good);
    });
    const deps = { clock: () => 0, random: () => 0.5 };
    const report = await examine({ to: `http://127.0.0.1:${port}` }, deps, stop.signal);
    expect(report).toMatchObject({ stopped: true, conforms: false, findings: [] });
  });

  it('refuses what cannot be examined, without repeating it', async () => {
    const deps = { clock: () => 0, random: () => 0.5 };
    for (const request of [
      { to: 'ftp://secret.invalid' },
      { to: 'secret' },
      { to: 'http://127.0.0.1:1', rateLimit: 0 },
      { to: 'http://127.0.0.1:1', secret: 'whsec_secret!' },
    ]) {
      const examined = examine(request, deps);
      await expect(examined).rejects.toThrow(SimulationOptionError);
      await expect(examined).rejects.not.toThrow(/secret[.!]/);
    }
  });
});
