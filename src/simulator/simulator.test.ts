import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { SimulationEvent } from './simulation-event.js';
import type { SimulationRequest } from './simulation-options.js';
import { percentiles } from './simulation-report.js';
import { openSimulator } from './simulator.js';
import type { Simulator, SimulatorDeps } from './simulator.js';

interface Receiver {
  readonly url: string;
  readonly bodies: string[];
  close(): Promise<void>;
}

const closers: (() => Promise<void>)[] = [];

/** A receiver that answers its requests by status, in turn, and the last of them from then on. */
async function openReceiver(...statuses: number[]): Promise<Receiver> {
  const bodies: string[] = [];
  let requests = 0;
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(statuses[Math.min(requests++, statuses.length - 1)] ?? 200).end('{"code":0}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  closers.push(close);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/push`, bodies, close };
}

async function simulate(request: SimulationRequest, deps: Partial<SimulatorDeps> = {}): Promise<Simulator> {
  const simulator = await openSimulator(
    { seed: 7, maxCallSeconds: 8, ...request },
    { clock: () => Date.UTC(2026, 10, 22), ...deps },
  );
  closers.push(() => simulator.close());
  return simulator;
}

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const linksIn = (bodies: readonly string[]): string[] =>
  (JSON.parse(`[${bodies.join(',')}]`) as { recordFile: string }[][])
    .flat()
    .map(({ recordFile }) => recordFile);

describe('a simulation', () => {
  it('pushes every call once, serves its recording, and says what should have become of it', async () => {
    const receiver = await openReceiver();
    const events: SimulationEvent[] = [];
    const simulator = await simulate(
      { to: receiver.url, calls: 25, rate: Infinity, batch: 10 },
      { onEvent: (event) => events.push(event) },
    );
    const report = await simulator.run();
    expect(report).toMatchObject({
      seed: 7,
      calls: 25,
      messages: 25,
      pushes: 3,
      attempts: 3,
      acknowledged: 3,
      givenUp: 0,
    });
    expect(report.latencyMs.max).toBeGreaterThan(0);

    const hashes = new Map<string, string>();
    for (const link of linksIn(receiver.bodies)) {
      const bytes = Buffer.from(await (await fetch(link)).arrayBuffer());
      const callId = decodeURIComponent(/\/([^/]*)_record/.exec(link)?.[1] ?? '');
      hashes.set(callId, createHash('sha256').update(bytes).digest('hex'));
    }
    expect(await simulator.untilFetched(5000)).toBe(true);
    const expected = await simulator.expected();
    expect(new Map(expected.map((call) => [call.callId, call.sha256]))).toEqual(hashes);
    expect(expected.every((call) => call.state === 'archived' && call.isAcknowledged)).toBe(true);
    expect(simulator.report().storage).toMatchObject({ requests: 25, fetched: 25, statuses: { 200: 25 } });
    expect(events.filter(({ kind }) => kind === 'progress').at(-1)).toEqual({
      kind: 'progress',
      calls: 25,
      ofCalls: 25,
    });
  });

  it('is the same for the same seed and clock, and another for another seed', async () => {
    const bodiesOf = async (seed: number): Promise<string[]> => {
      const receiver = await openReceiver();
      const simulator = await simulate({
        to: receiver.url,
        calls: 30,
        rate: Infinity,
        batch: 5,
        seed,
        faults: { 'odd-body': 0.5, expired: 0.3, 'split-batch': 0.5 },
        storageOrigin: 'http://storage.test',
      });
      await simulator.run();
      return receiver.bodies.toSorted();
    };
    const first = await bodiesOf(1);
    expect(await bodiesOf(1)).toEqual(first);
    expect(await bodiesOf(2)).not.toEqual(first);
  });

  it('tries again what failed, and counts why', async () => {
    const receiver = await openReceiver(503, 503, 200);
    const simulator = await simulate({ to: receiver.url, calls: 1, rate: 1, timeScale: 60_000 });
    expect(await simulator.run()).toMatchObject({
      pushes: 1,
      attempts: 3,
      acknowledged: 1,
      failures: { 'status-503': 2 },
    });
    expect(new Set(receiver.bodies).size).toBe(1);
  });

  it('gives up after three retries and does not expect such a call to be known', async () => {
    const receiver = await openReceiver(500);
    const simulator = await simulate({ to: receiver.url, calls: 2, rate: Infinity, timeScale: 60_000 });
    expect(await simulator.run()).toMatchObject({ pushes: 2, attempts: 8, acknowledged: 0, givenUp: 2 });
    expect((await simulator.expected()).map((call) => call.isAcknowledged)).toEqual([false, false]);
  });

  it('stops in the middle of its waits when told to, and still serves links', async () => {
    const receiver = await openReceiver(500);
    const controller = new AbortController();
    const simulator = await simulate(
      { to: receiver.url, calls: 100, rate: 1 },
      { onEvent: (event) => event.kind === 'attempt' && controller.abort() },
    );
    expect(await simulator.run(controller.signal)).toMatchObject({ calls: 1, attempts: 1, stopped: 1 });
    const [link = ''] = linksIn(receiver.bodies);
    expect((await fetch(link)).status).toBe(200);
  });

  it('ends its run when it is closed', async () => {
    const receiver = await openReceiver(500);
    const events: SimulationEvent[] = [];
    const simulator = await simulate(
      { to: receiver.url, calls: 1, rate: 1 },
      { onEvent: (event) => events.push(event) },
    );
    const running = simulator.run();
    await expect.poll(() => events.some(({ kind }) => kind === 'attempt')).toBe(true);
    await simulator.close();
    expect(await running).toMatchObject({ attempts: 1, stopped: 1 });
  });

  it('keeps its rate by its stopwatch, whatever the receiver does', async () => {
    const receiver = await openReceiver();
    let now = 0;
    const waits: number[] = [];
    const simulator = await simulate(
      { to: receiver.url, calls: 6, rate: 4, batch: 2 },
      {
        stopwatch: () => now,
        wait(ms) {
          waits.push(ms);
          now += ms;
          return Promise.resolve();
        },
      },
    );
    const report = await simulator.run();
    expect(waits).toEqual([500, 500]);
    expect(report).toMatchObject({ pushes: 3, behindMs: 0, seconds: 1 });
  });

  it('says that recordings were not fetched when nobody comes for them', async () => {
    const receiver = await openReceiver();
    const simulator = await simulate({ to: receiver.url, calls: 1, rate: 1 });
    await simulator.run();
    expect(await simulator.untilFetched(1)).toBe(false);
  });
});

describe('percentiles', () => {
  it('are values by their rank', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentiles(values)).toEqual({ p50: 50, p90: 90, p99: 99, max: 100 });
    expect(percentiles([])).toEqual({ p50: 0, p90: 0, p99: 0, max: 0 });
  });
});
