import { seededRandom } from '../../src/simulator/seeded-random.js';
import type { EndpointSettings } from '../../src/domain/endpoint.js';
import type { LocalPeers } from '../support/local-peers.js';
import { apiKey } from '../support/server-process.js';

/** A receiver that answers now and then with 503, and notes everything that arrives, acknowledged or not. */
export interface Receiver {
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  /** What is wrong with what arrived, in sentences, where every one of `callIds` was to come, in this order or in any. */
  compare(callIds: readonly string[], order: 'in order' | 'in any order'): string[];
}

interface Arrival {
  readonly webhookId: string;
  readonly callIds: readonly string[];
}

export async function openReceiver(peers: LocalPeers, seed: number): Promise<Receiver> {
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
  return {
    arrivals,
    url: `http://127.0.0.1:${port}/push`,
    compare: (callIds, order) => compare(arrivals, callIds, order === 'in order'),
  };
}

/** An endpoint that gets everything from the beginning, and whose schedule no strike exhausts. */
export async function createEndpoint(
  url: string,
  settings: Pick<EndpointSettings, 'url' | 'concurrency' | 'batchSize'> &
    Partial<Pick<EndpointSettings, 'when'>>,
): Promise<void> {
  const response = await fetch(`${url}/api/v1/endpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ ...settings, lingerMs: 0, start: 'beginning', timeoutMs: 10_000 },
      retrySchedule: Array.from({ length: 50 }, () => 0.05),
    }),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
}

function compare(arrivals: readonly Arrival[], expected: readonly string[], isInOrder: boolean): string[] {
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
  for (const callId of expected) if (!pushOf.has(callId)) wrong.push(`${callId} never came`);
  if (firsts.length > expected.length) wrong.push(`${firsts.length - expected.length} came that nobody sent`);
  if (isInOrder && firsts.join() !== expected.join()) wrong.push('the order was not kept');
  return wrong;
}
