import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import { readCalls, readFeed, untilSettled } from '../support/api-reader.js';
import { openPushSender } from '../support/push-sender.js';
import { apiKey } from '../support/server-process.js';
import { makeReport, openCluster, pushUntilKept, untilDutiesAreHeld, type Cluster } from './cluster.js';

let cluster: Cluster;
beforeEach(async () => {
  cluster = await openCluster();
});
afterEach(() => cluster.close());

describe('two processes on one PostgreSQL', () => {
  it('both take pushes; each shows what either took, and nothing is twice', async () => {
    const urls = await Promise.all(['a', 'b'].map((name) => cluster.start(name).url));
    const senders = urls.map((url) => openPushSender(url));
    // Every message goes to both: so does a platform that heard nothing from the first.
    for (let number = 0; number < 40; number += 2) {
      const body = `[${makeReport(number)},${makeReport(number + 1)}]`;
      await Promise.all(senders.map((sender) => pushUntilKept(sender, body)));
    }
    for (const sender of senders) sender.close();
    for (const url of urls) {
      await untilSettled(url);
      expect(await readFeed(url)).toHaveLength(40);
      expect(await readCalls(url)).toHaveLength(40);
    }
    const status = await untilDutiesAreHeld(urls[0] ?? '');
    expect(status.store).toMatchObject({ kind: 'postgres', state: 'reachable' });
    expect(status.processes).toHaveLength(2);
  });

  it('wake each other’s readers: who waits at one hears of what the other took', async () => {
    const [one = '', other = ''] = await Promise.all(['a', 'b'].map((name) => cluster.start(name).url));
    await untilDutiesAreHeld(one);
    const waiting = createClient({ baseUrl: other, apiKey }).messages.read({ after: 0, wait: 30 });
    const sender = openPushSender(one);
    await pushUntilKept(sender, `[${makeReport(1)}]`);
    sender.close();
    expect((await waiting).items.map(({ callId }) => callId)).toEqual(['call-1']);
  });

  it('need a data folder each, and say so', async () => {
    await cluster.start('a').url;
    const second = cluster.start('a');
    expect((await second.exited).code).toBe(1);
    expect(second.words()).toContain('need a data folder each');
  });
});
