import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Status } from '../../src/contract/status.js';
import { readFeed, readStatus, untilSettled } from '../support/api-reader.js';
import { openPushSender } from '../support/push-sender.js';
import type { ServerProcess } from '../support/server-process.js';
import { until } from '../support/until.js';
import { makeReport, openCluster, pushUntilKept, untilDutiesAreHeld, type Cluster } from './cluster.js';
import { patience } from '../support/test-run.js';

let cluster: Cluster;
let holder: ServerProcess;
let other: string;

/** One process has every duty; then comes another. */
beforeEach(async () => {
  cluster = await openCluster();
  holder = cluster.start('holder');
  await untilDutiesAreHeld(await holder.url);
  other = await cluster.start('other').url;
});
afterEach(() => cluster.close());

const heldBy = ({ processes }: Status, pid: number) => processes.find((one) => one.pid === pid)?.duties ?? [];

async function pushTo(url: string, first: number, count: number): Promise<void> {
  const sender = openPushSender(url);
  for (let number = first; number < first + count; number++) {
    await pushUntilKept(sender, `[${makeReport(number)}]`);
  }
  sender.close();
}

/** What is promised of a process that dies, with the lease that is shipped. */
const replacedWithinMs = 15_000 * patience;

describe('a process that holds duties', () => {
  it('is replaced within 15 seconds when it is killed, and its work goes on', async () => {
    await pushTo(await holder.url, 0, 10);
    await holder.kill();
    const killedAt = performance.now();
    await pushTo(other, 10, 10);
    await untilDutiesAreHeld(other, (status) => heldBy(status, holder.pid).length === 0);
    expect(performance.now() - killedAt).toBeLessThan(replacedWithinMs);
    await untilSettled(other);
    expect(await readFeed(other)).toHaveLength(20);
  });

  it('gives them to another at once when it stops', async () => {
    const askedAt = performance.now();
    expect(await holder.stop()).toEqual({ code: 0, signal: null });
    const status = await untilDutiesAreHeld(other);
    // Long before the leases would have ended.
    expect(performance.now() - askedAt).toBeLessThan(10_000 * patience);
    expect(status.processes).toHaveLength(1);
  });

  it('paused past its leases and resumed, does no more of what is another’s by then', async () => {
    await pushTo(await holder.url, 0, 10);
    process.kill(holder.pid, 'SIGSTOP');
    await untilDutiesAreHeld(other, (status) => heldBy(status, holder.pid).length === 0);
    await pushTo(other, 10, 10);
    await untilSettled(other);
    process.kill(holder.pid, 'SIGCONT');
    await until(() => holder.words().includes('duty lost to another process'), { what: 'it notices' });
    await pushTo(await holder.url, 20, 10);
    await untilSettled(other);
    expect(heldBy(await readStatus(other), holder.pid)).toEqual([]);
    const feed = await readFeed(other);
    expect(feed.map(({ seq }) => seq)).toEqual(feed.map((_entry, index) => index + 1));
    expect(new Set(feed.map(({ callId }) => callId)).size).toBe(30);
  });
});
