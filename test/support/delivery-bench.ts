import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import type { DeliveryAttempt } from '../../src/domain/delivery.js';
import {
  endpointDefaults,
  type Endpoint,
  type EndpointSettings,
  type EndpointStart,
} from '../../src/domain/endpoint.js';
import { mintRecordingUrl } from '../../src/domain/recording-url.js';
import { defaultDispatcherSettings, type DispatcherSettings } from '../../src/deliver/worker-deps.js';
import { Dispatcher, type DispatcherDeps } from '../../src/deliver/dispatcher.js';
import { toWebhookSecret } from '../../src/protocol/webhook-signature.js';
import { createLocalPeers } from './local-peers.js';
import { makeMessage, reportOf, type Fields } from './make-message.js';
import { openTemporaryStore, testStart } from './temporary-store.js';
import { openTestClient, type ClientSetup } from './test-client.js';

/** A push as a receiver saw it. */
export interface SeenPush {
  readonly id: string;
  readonly callIds: readonly string[];
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

const linkKey = { id: 'k1', secret: Buffer.alloc(32, 5).toString('base64url') };
export const secret = toWebhookSecret(Buffer.alloc(32, 9));

/** A real store, a real client and real receivers; time is the test's. */
export async function openDeliveryBench(setup: ClientSetup = {}) {
  const store = openTemporaryStore();
  const peers = createLocalPeers();
  const { client } = openTestClient(setup);
  const attempts: { endpointId: string; attempt: DeliveryAttempt; messages: number }[] = [];
  let now = testStart;
  let logged = '';
  let lastSeqReads = 0;
  const dispatchers: Dispatcher[] = [];
  const journal = new Proxy(store.journal, {
    get: (target, method: keyof typeof store.journal) => {
      if (method === 'lastSeq') lastSeqReads++;
      return target[method];
    },
  });

  const start = (
    settings: Partial<DispatcherSettings> = {},
    more: Pick<DispatcherDeps, 'share'> = {},
  ): Dispatcher => {
    const stream = new PassThrough().on('data', (line: Buffer) => (logged += line.toString()));
    const dispatcher = new Dispatcher({
      ...store,
      journal,
      client,
      clock: () => now,
      stopwatch: () => performance.now(),
      random: () => 0,
      newWebhookId: () => `msg_${randomUUID()}`,
      userAgent: 'Earshot/test',
      minter: () =>
        Promise.resolve((recordingId) =>
          mintRecordingUrl({
            ...{ publicUrl: 'https://calls.example', recordingId, key: linkKey },
            expiresAt: now + 7 * 86_400_000,
          }),
        ),
      settings: {
        ...defaultDispatcherSettings,
        tickMs: 5,
        acquireMs: 20,
        renewMs: 40,
        stopGraceMs: 200,
        settleLingerMs: 0,
        ...settings,
      },
      log: pino({ level: 'debug' }, stream),
      onAttempt: (endpointId, attempt, messages) => attempts.push({ endpointId, attempt, messages }),
      ...more,
    });
    dispatcher.start();
    dispatchers.push(dispatcher);
    return dispatcher;
  };

  return {
    store,
    peers,
    client,
    attempts,
    start,
    now: () => now,
    logged: () => logged,
    /** How often a dispatcher has looked for the journal's end. */
    lastSeqReads: () => lastSeqReads,
    /** A port on which nobody listens. */
    freePort: async () => {
      const probe = createLocalPeers();
      const port = await probe.serve(() => undefined);
      await probe.close();
      return port;
    },
    serveAt: (port: number, listener: RequestListener) => peers.listen(createServer(listener), port),
    /** Leases live by this clock, too: one that runs out in a leap is renewed before anything is sent. */
    pass: (ms: number) => {
      now += ms;
    },
    createEndpoint: (
      url: string,
      settings: Partial<EndpointSettings> = {},
      from: EndpointStart = 'beginning',
    ) =>
      store.endpointsWriter.create({
        // A busy machine may stand still for longer than the sender's 700 ms: what a late answer comes to has tests of its own.
        settings: { ...endpointDefaults, name: 'test', url, lingerMs: 0, timeoutMs: 60_000, ...settings },
        ...{ start: from, secret, now },
      }),
    journal: async (...messages: readonly (Fields | string)[]) => {
      await store.journalWriter.append({
        messages: messages.map((fields) => makeMessage(fields, now)),
        quarantined: [],
      });
    },
    reports: (count: number, from = 0) => Array.from({ length: count }, (_, i) => reportOf(`c${from + i}`)),
    deliveries: async (endpoint: Endpoint) =>
      (await store.deliveries.list({ endpointId: endpoint.id, limit: 500 })).items.reverse(),
    close: async () => {
      await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()));
      client.close();
      await peers.close();
      store.close();
    },
  };
}

export type DeliveryBench = Awaited<ReturnType<typeof openDeliveryBench>>;

export const acknowledge = (response: ServerResponse) =>
  response.end('{"code":0,"msg":"Received successfully"}');

/** A receiver that notes what comes and answers as it is told, by turns; the last answer for ever. */
export async function openReceiver(
  bench: DeliveryBench,
  ...answers: ((response: ServerResponse, push: SeenPush) => void)[]
) {
  const seen: SeenPush[] = [];
  const listener: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const push: SeenPush = {
        ...{ id: String(request.headers['webhook-id']), text, headers: request.headers },
        callIds: request.headers['content-encoding']
          ? []
          : (JSON.parse(text) as { callId: string }[]).map(({ callId }) => callId),
      };
      seen.push(push);
      const answer = answers[Math.min(seen.length, answers.length) - 1];
      if (answer) answer(response, push);
      else acknowledge(response);
    });
  };
  const port = await bench.peers.serve(listener);
  return { seen, listener, url: `http://127.0.0.1:${port}/push`, port };
}

export const fail =
  (status: number, body = '') =>
  (response: ServerResponse): void => {
    response.writeHead(status).end(body);
  };
