import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import { readStatus, untilSettled } from '../support/api-reader.js';
import { createLocalPeers } from '../support/local-peers.js';
import { isKept, openPushSender } from '../support/push-sender.js';
import { apiKey, openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

/** More of them: CRASH_ROUNDS. */
const rounds = Number(process.env['CRASH_ROUNDS'] ?? 3);
const seed = Number(process.env['CRASH_SEED'] ?? 1);
const messages = 6_000;
const perPush = 200;

const peers = createLocalPeers();
let processes: ServerProcesses;
beforeEach(async () => {
  processes = await openServerProcesses();
});
afterEach(async () => {
  await processes.close();
  await peers.close();
});

interface Arrival {
  readonly webhookId: string;
  readonly callIds: readonly string[];
}

/** A receiver that answers now and then with 503, and notes everything that arrives, acknowledged or not. */
async function openReceiver(seed: number) {
  const random = seededRandom('receiver', seed);
  const arrivals: Arrival[] = [];
  const port = await peers.serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const push = JSON.parse(Buffer.concat(chunks).toString()) as { callId: string }[];
      arrivals.push({
        webhookId: String(request.headers['webhook-id']),
        callIds: push.map(({ callId }) => callId),
      });
      if (random() < 0.02) response.writeHead(503).end();
      else response.end('{"code":0,"msg":"Received successfully"}');
    });
  });
  return { arrivals, url: `http://127.0.0.1:${port}/push` };
}

const settings = { EARSHOT_ALLOW_NETWORKS: '127.0.0.1/32' };
const callIdOf = (number: number) => `call-${String(number).padStart(6, '0')}`;

async function createEndpoint(url: string, to: string, concurrency: number): Promise<void> {
  const response = await fetch(`${url}/api/v1/endpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ url: to, concurrency, batchSize: 2, lingerMs: 0, start: 'beginning', timeoutMs: 10_000 },
      retrySchedule: Array.from({ length: 50 }, () => 0.05),
    }),
  });
  expect(response.status).toBe(201);
}

async function fill(url: string): Promise<void> {
  const sender = openPushSender(url);
  for (let from = 0; from < messages; from += perPush) {
    const items = Array.from({ length: perPush }, (_, i) => ({
      callId: callIdOf(from + i),
      statusCode: '1',
    }));
    expect(isKept(await sender.push(JSON.stringify(items)))).toBe(true);
  }
  sender.close();
  await untilSettled(url);
}

/** What is wrong with what arrived, in sentences. */
function compare(arrivals: readonly Arrival[], isInOrder: boolean): string[] {
  const wrong: string[] = [];
  const pushOf = new Map<string, string>();
  const contentOf = new Map<string, string>();
  const firsts: string[] = [];
  for (const { webhookId, callIds } of arrivals) {
    const content = callIds.join();
    if ((contentOf.get(webhookId) ?? content) !== content)
      wrong.push(`${webhookId} had other messages before`);
    contentOf.set(webhookId, content);
    for (const callId of callIds) {
      const before = pushOf.get(callId);
      if (before === undefined) firsts.push(callId);
      else if (before !== webhookId) wrong.push(`${callId} came as ${before} and as ${webhookId}`);
      pushOf.set(callId, webhookId);
    }
  }
  const expected = Array.from({ length: messages }, (_, number) => callIdOf(number));
  for (const callId of expected) if (!pushOf.has(callId)) wrong.push(`${callId} never came`);
  if (isInOrder && firsts.join() !== expected.join()) wrong.push('the order was not kept');
  return wrong;
}

describe('deliveries under kill -9', () => {
  it(
    'arrive all, repeated only with the same webhook-id, and in order where one is sent at a time',
    async () => {
      const random = seededRandom('delivery-crash', seed);
      const [ordered, parallel] = [await openReceiver(1), await openReceiver(2)];
      const first = processes.spawn({ settings });
      await fill(await first.url);
      await createEndpoint(await first.url, ordered.url, 1);
      await createEndpoint(await first.url, parallel.url, 4);

      let server = first;
      for (let round = 1; round <= rounds; round++) {
        const killAt = ordered.arrivals.length + 20 + Math.floor(random() * 500);
        await until(() => ordered.arrivals.length >= Math.min(killAt, (0.95 * messages) / 2), {
          what: 'deliveries go on',
          everyMs: 1,
          withinMs: 60_000,
        });
        await server.kill();
        server = processes.spawn({ settings });
        await server.url;
      }
      const url = await server.url;
      await until(
        async () => (await readStatus(url)).endpoints.every(({ pending, lag }) => pending === 0 && lag === 0),
        { what: 'everything is delivered', withinMs: 120_000, everyMs: 100 },
      );
      expect((await readStatus(url)).endpoints.map(({ dead }) => dead)).toEqual([0, 0]);
      expect(compare(ordered.arrivals, true)).toEqual([]);
      expect(compare(parallel.arrivals, false)).toEqual([]);
      expect(await server.stop()).toEqual({ code: 0, signal: null });
    },
    180_000 + rounds * 30_000,
  );
});
