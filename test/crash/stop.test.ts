import { afterEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import { readFeed, readQuarantine, untilSettled } from '../support/api-reader.js';
import { openPushSender } from '../support/push-sender.js';
import { openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';
import { createLedger } from './ledger.js';
import { createPushLoad } from './push-load.js';
import { runLoad } from './run-load.js';
import { patience } from '../support/test-run.js';

let processes: ServerProcesses | undefined;

afterEach(async () => {
  await processes?.close();
});

describe('A server that is asked to stop', () => {
  it('under load ends by itself, with exit code 0, and has kept every push that it acknowledged', async () => {
    processes = await openServerProcesses();
    const ledger = createLedger();
    const server = processes.spawn();
    const sender = openPushSender(await server.url);
    let over = false;
    const next = createPushLoad(seededRandom('stop', 1));
    const load = runLoad({ sender, ledger, next, concurrency: 16, isOver: () => over });
    await until(() => ledger.acknowledgedPushes > 100, { what: 'the load runs' });

    const askedAt = performance.now();
    const exit = await server.stop();
    const stoppedAfterMs = performance.now() - askedAt;
    over = true;
    await load;
    sender.close();

    expect(exit, server.words()).toEqual({ code: 0, signal: null });
    // What supervisors are promised, not a measurement: it takes a fraction of it.
    expect(stoppedAfterMs).toBeLessThan(10_000 * patience);

    const url = await processes.spawn().url;
    await untilSettled(url);
    const quarantined = await readQuarantine(url);
    expect(ledger.compareFeed(await readFeed(url))).toEqual([]);
    expect(ledger.compareQuarantine(quarantined.map(({ preview }) => preview))).toEqual([]);
  });
});

describe('A second server on the same data folder', () => {
  it('is refused with a sentence, and the first one goes on', async () => {
    processes = await openServerProcesses();
    const first = processes.spawn();
    const sender = openPushSender(await first.url);

    const second = processes.spawn();
    const { code } = await second.exited;

    expect(code).toBe(1);
    expect(second.words()).toContain(`Another Earshot server works on ${processes.dataDir}.`);
    expect(await sender.push('[]')).toMatchObject({ status: 200, code: 0 });
    sender.close();
  });

  it('starts at once after the first was killed', async () => {
    processes = await openServerProcesses();
    const first = processes.spawn();
    await first.url;
    await first.kill();

    await expect(processes.spawn().url).resolves.toContain('http://127.0.0.1:');
  });
});
