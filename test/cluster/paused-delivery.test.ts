import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import { openReceiver, type Receiver, type ReceiverPush } from '../../src/simulator/receiver/receiver.js';
import { openPushSender } from '../support/push-sender.js';
import { apiKey } from '../support/server-process.js';
import { until } from '../support/until.js';
import { makeReport, openCluster, pushUntilKept, type Cluster } from './cluster.js';

let cluster: Cluster;
let receiver: Receiver | undefined;
beforeEach(async () => {
  cluster = await openCluster();
});
afterEach(async () => {
  await receiver?.close();
  await cluster.close();
});

describe('a process paused in the midst of a push', () => {
  it('settles nothing of it when it goes on, because another has by then', async () => {
    const pushes: ReceiverPush[] = [];
    receiver = await openReceiver(
      { port: 0, misbehaviour: { delayMs: 1_500 } },
      {
        clock: () => Date.now(),
        onEvent: (event) => {
          if (event.kind === 'push') pushes.push(event);
        },
      },
    );
    const settings = { EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8' };
    const paused = cluster.start('paused', settings);
    const url = await paused.url;
    const { id } = await createClient({ baseUrl: url, apiKey }).endpoints.create({
      ...{ url: `${receiver.url}/push`, timeoutMs: 20_000 },
    });
    const sender = openPushSender(url);
    await pushUntilKept(sender, `[${makeReport(1)}]`);
    sender.close();
    await until(() => pushes.length === 1, { what: 'the push is on its way' });
    process.kill(paused.pid, 'SIGSTOP');

    const other = createClient({ baseUrl: await cluster.start('other', settings).url, apiKey });
    await until(() => pushes.length === 2, { what: 'the other has taken the endpoint, and pushes' });
    const isDelivered = async () => {
      const { items } = await other.deliveries.list({ endpointId: id });
      return items[0]?.state === 'delivered' && items[0];
    };
    const delivered = await until(isDelivered, { what: 'it is delivered' });
    process.kill(paused.pid, 'SIGCONT');
    await until(async () => (await fetch(`${url}/readyz`)).status === 200, { what: 'the first goes on' });
    // What it does with the answer that has been waiting for it, it does before the next push has passed it.
    const again = openPushSender(url);
    await pushUntilKept(again, `[${makeReport(2)}]`);
    again.close();
    await until(
      async () => (await other.deliveries.list({ endpointId: id, state: 'delivered' })).items.length === 2,
      {
        what: 'the next one is delivered',
      },
    );

    expect(new Set(pushes.slice(0, 2).map(({ webhookId }) => webhookId)).size).toBe(1);
    const { attemptLog } = await other.deliveries.get(delivered.id);
    expect(attemptLog.map(({ outcome }) => outcome)).toEqual(['ok']);
  });
});
