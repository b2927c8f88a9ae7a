import { createClient } from '../../contract/client.js';
import { openSimulator, type Simulator } from '../../simulator/simulator.js';
import type { Config } from '../../settings/config.js';
import { type Service, startService } from '../service.js';
import { openReceiver } from '../../simulator/receiver/receiver.js';

export interface Demo {
  readonly service: Service;
  readonly simulator: Simulator;
  /** How far it has come, read over the API like anybody would. */
  progress(): Promise<DemoProgress>;
  stop(): Promise<void>;
}

export interface DemoProgress {
  readonly pushed: number;
  readonly acknowledged: number;
  readonly p99Ms: number;
  readonly archived: number;
  readonly open: number;
  /** Messages that the receiver behind Earshot has got. */
  readonly pushedOn: number;
  /** The newest call whose recording is archived, once there is one. */
  readonly sample?: { readonly callId: string; readonly recordingId: string; readonly fileName: string };
}

/** A little of what goes wrong in the world, so that a newcomer sees it being dealt with. */
const demoFaults = {
  'late-object': 0.1,
  unavailable: 0.05,
  reset: 0.05,
  truncated: 0.05,
  'duplicate-push': 0.1,
};

/** The server between a simulated sender and a receiver of its own, on this machine alone. */
export async function startDemo(config: Config, calls: number, rate: number): Promise<Demo> {
  const service = await startService({
    ...config,
    // The simulated storage is on loopback, which no real recording may come from, and so is the receiver.
    allowNetworks: [...config.allowNetworks, '127.0.0.0/8'],
    endpointNetworks: [...config.endpointNetworks, '127.0.0.0/8'],
    recordingHosts: [...config.recordingHosts, '127.0.0.1'],
  });
  const client = createClient({ baseUrl: service.url, apiKey: service.secrets.apiKey });
  const receiver = await openDemoReceiver(client);
  const simulator = await openSimulator(
    {
      to: `${service.url}/push/${service.secrets.pushToken}`,
      calls,
      rate,
      batch: 2,
      faults: demoFaults,
      timeScale: 60,
      maxCallSeconds: 90,
      reportShare: 0.3,
      noteShare: 0.2,
    },
    { clock: () => Date.now() },
  );
  const run = simulator.run();
  return {
    service,
    simulator,
    progress: async () => {
      const [{ recordings }, archived] = await Promise.all([
        client.status(),
        client.calls.search({ state: 'archived', limit: 1 }),
      ]);
      const report = simulator.report();
      const call = archived.items[0];
      const recording = call?.recordings.find(({ state }) => state === 'archived');
      return {
        pushed: report.calls,
        acknowledged: report.acknowledged,
        p99Ms: report.latencyMs.p99,
        archived: recordings.archived,
        open: recordings.pending,
        pushedOn: receiver.received(),
        ...(call && recording?.asset
          ? { sample: { callId: call.callId, recordingId: recording.id, fileName: recording.asset.fileName } }
          : {}),
      };
    },
    stop: async () => {
      await simulator.close();
      await run.catch(() => undefined);
      await service.stop();
      await receiver.close();
    },
  };
}

export interface DemoReceiver {
  readonly url: string;
  /** Messages that came, those that came again counted once. */
  received(): number;
  close(): Promise<void>;
}

const name = 'demo receiver';

/**
 * A receiver on this machine that stands behind Earshot, as a company's own would: it gets each message once its
 * recording is safe, with a link of Earshot's. The endpoint outlives the demo in its data folder and leads to the
 * next demo's receiver then.
 */
async function openDemoReceiver({
  endpoints,
}: Pick<ReturnType<typeof createClient>, 'endpoints'>): Promise<DemoReceiver> {
  let messages = 0;
  const receiver = await openReceiver(
    { port: 0 },
    {
      clock: () => Date.now(),
      onEvent: (event) => {
        if (event.kind === 'push' && (event.times ?? 1) === 1) messages += event.messages;
      },
    },
  );
  const url = `${receiver.url}/push`;
  const settings = { name, url, when: 'archived', recordFile: 'archived' } as const;
  const known = (await endpoints.list()).items.find((endpoint) => endpoint.name === name);
  if (known) await endpoints.change(known.id, settings);
  else await endpoints.create(settings);
  return { url, received: () => messages, close: () => receiver.close() };
}
