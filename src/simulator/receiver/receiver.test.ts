import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/support/until.js';
import { isAcknowledged } from '../../protocol/acknowledgement.js';
import { samplePush } from '../../protocol/sample.js';
import { signPush, toWebhookSecret } from '../../protocol/webhook-signature.js';
import { SimulationOptionError } from '../simulation-options.js';
import { type ReceiverEvent, type ReceiverPush, openReceiver, type Receiver } from './receiver.js';
import type { ReceiverRequest } from './receiver-options.js';

const now = Date.UTC(2026, 10, 22);
const secret = toWebhookSecret(Buffer.alloc(32, 5));
let receiver: Receiver | undefined;

afterEach(async () => {
  await receiver?.close();
  receiver = undefined;
});

async function open(request: ReceiverRequest = {}) {
  const events: ReceiverEvent[] = [];
  const opened = await openReceiver(
    { port: 0, ...request },
    { clock: () => now, onEvent: (event) => events.push(event) },
  );
  receiver = opened;
  const push = async (body: string | Uint8Array, headers: Record<string, string> = {}, path = '/push/x') => {
    const answer = await fetch(opened.url + path, { method: 'POST', body, headers });
    return { status: answer.status, body: await answer.text() };
  };
  const pushes = (): ReceiverPush[] => events.filter((event) => event.kind === 'push');
  return { url: opened.url, events, pushes, push };
}

describe('a receiver', () => {
  it('acknowledges pushes on any path and tells what is in them', async () => {
    const { push, pushes, events } = await open();
    const answer = await push(samplePush, { 'content-type': 'application/json' });
    expect(isAcknowledged(answer.status, answer.body)).toBe(true);
    await push(gzipSync('[{"callId":"1"},7]'), { 'content-encoding': 'gzip' }, '/x/AlicomAgentCallNote');
    expect(pushes()).toMatchObject([
      { number: 1, at: now, messages: 1, callIds: ['10000161****^1000018****'], unreadable: [], answer: 200 },
      {
        number: 2,
        messages: 1,
        callIds: ['1'],
        contentEncoding: 'gzip',
        unreadable: [{ index: 1, reason: 'not-an-object' }],
        signature: 'not-checked',
      },
    ]);
    await until(() => events.filter(({ kind }) => kind === 'end').length === 2, { what: 'both ends' });
    expect(events).toContainEqual({ kind: 'end', number: 1, how: 'answered', afterMs: 0 });
  });

  it('answers connectivity checks, and other methods with 405', async () => {
    const { url, events } = await open({ misbehaviour: { status: 500 } });
    for (const method of ['GET', 'HEAD']) expect((await fetch(url, { method })).status).toBe(200);
    expect((await fetch(url, { method: 'PUT', body: '[]' })).status).toBe(405);
    expect(events.map((event) => event.kind === 'check' && event.method)).toEqual(['GET', 'HEAD', 'PUT']);
  });

  it('counts how often a webhook-id has come', async () => {
    const { push, pushes } = await open();
    for (const id of ['a', 'b', 'a']) await push('[]', { 'webhook-id': id });
    await push('[]');
    expect(pushes().map(({ webhookId, times }) => [webhookId, times])).toEqual([
      ['a', 1],
      ['b', 1],
      ['a', 2],
      [undefined, undefined],
    ]);
  });

  it('tells whether the signature is right, of a body in gzip too', async () => {
    const { push, pushes } = await open({ secrets: [secret] });
    const headers = { ...signPush({ webhookId: 'a', at: now, body: samplePush, secrets: [secret] }) };
    await push(samplePush, headers);
    await push(gzipSync(samplePush), { ...headers, 'content-encoding': 'gzip' });
    await push('[]', headers);
    await push('[]');
    expect(pushes().map(({ signature }) => signature)).toEqual([
      'valid',
      'valid',
      'no-match',
      'headers-missing',
    ]);
  });

  it.each([
    [{ status: 503 }, 503, '{"code":503,"msg":"As told"}'],
    [{ status: 204 }, 204, ''],
    [{ answer: 'no-code' }, 200, '{"success":true}'],
    [{ answer: 'string-code' }, 200, '{"code":"0","msg":"Received successfully"}'],
    [{ answer: 'OK' }, 200, 'OK'],
    [{ delayMs: 1, status: 201 }, 201, '{"code":201,"msg":"As told"}'],
  ])('answers %j as told', async (misbehaviour, status, body) => {
    const { push } = await open({ misbehaviour });
    expect(await push(samplePush)).toEqual({ status, body });
  });

  it('hangs as told, and tells when the sender has had enough', async () => {
    const { url, events } = await open({ misbehaviour: { hangs: true } });
    const gone = new AbortController();
    const pushed = fetch(url, { method: 'POST', body: samplePush, signal: gone.signal });
    await until(() => events.some(({ kind }) => kind === 'push'), { what: 'the push' });
    gone.abort();
    await expect(pushed).rejects.toThrow();
    await until(() => events.some((event) => event.kind === 'end' && event.how === 'abandoned'), {
      what: 'the end',
    });
  });

  it('treats a share of the pushes badly, the same ones for the same seed', async () => {
    const statuses = async () => {
      const { push } = await open({ badShare: 0.5, seed: 3 });
      const found: number[] = [];
      for (let count = 0; count < 20; count++) found.push((await push('[]')).status);
      await receiver?.close();
      return found;
    };
    const first = await statuses();
    expect(new Set(first)).toEqual(new Set([200, 500]));
    expect(await statuses()).toEqual(first);
  });

  it('refuses what cannot be', async () => {
    for (const request of [
      { port: 70_000 },
      { badShare: 2 },
      { misbehaviour: { status: 99 } },
      { secrets: ['no secret'] },
    ]) {
      await expect(open(request)).rejects.toThrow(SimulationOptionError);
    }
  });
});
