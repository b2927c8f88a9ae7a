import type { SimulatedCall } from '../../simulator/call.js';
import { jsonHeaders, type PushBody } from '../../simulator/push/push-body.js';
import { createPushClient, type PushClient } from '../../simulator/push/push-attempt.js';
import { openSimulatedStorage, type SimulatedStorage } from '../../simulator/storage/simulated-storage.js';
import { waitForReal } from '../../simulator/wait.js';
import type { Clock } from '../../domain/clock.js';
import { demoCalls } from '../../domain/made-up-calls.js';
import { demoOddBodies, demoOptions, demoSeed, makeDemoCall, toDemoMessages } from './demo-calls.js';

/** A start may be busy, a push late: tried so often before it is given up. */
const maxAttempts = 20;
const retryMs = 250;

/** A sender of demo calls with the storage that their links lead to. */
export interface DemoSender {
  /** Where the recordings are served, on loopback. */
  readonly port: number;
  /** Pushes all of them; resolves when all were taken, or soon after the signal aborts. Rejects where one is not taken. */
  run(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** `to`: the push URL. */
export async function openDemoSender(
  to: string,
  deps: { clock: Clock; stopwatch: Clock },
): Promise<DemoSender> {
  const options = demoOptions(to);
  const onEvent = (): void => undefined;
  const storage = await openSimulatedStorage(options, demoSeed, { ...deps, wait: waitForReal, onEvent });
  const client = createPushClient({ ...options, stopwatch: deps.stopwatch });
  const calls = Array.from({ length: demoCalls }, (_, index) => makeDemoCall(options, index, deps.clock()));

  async function run(signal: AbortSignal): Promise<void> {
    for (const demo of calls) {
      if (signal.aborted) return;
      if (demo.recording === 'whole' || demo.recording === 'short') storage.put(demo.call);
      const messages = toDemoMessages(demo, (call: SimulatedCall) => storage.linkTo(call));
      if (messages.length > 0) await push(client, `[${messages.join(',')}]`, signal);
    }
    for (const body of demoOddBodies) await push(client, body, signal);
  }

  return {
    port: portOf(storage),
    run,
    close: async () => {
      await Promise.all([client.close(), storage.close()]);
    },
  };
}

function portOf({ url }: SimulatedStorage): number {
  return Number(new URL(url).port);
}

async function push(client: PushClient, text: string, signal: AbortSignal): Promise<void> {
  const body: PushBody = { messages: [], bytes: Buffer.from(text), headers: jsonHeaders, badItems: 0 };
  for (let attempt = 1; ; attempt++) {
    const result = await client.attempt(body, signal);
    if (result.kind !== 'failed') return;
    if (attempt === maxAttempts) throw new Error(`a demo push was not taken: ${result.reason}`);
    await waitForReal(retryMs, signal);
  }
}
