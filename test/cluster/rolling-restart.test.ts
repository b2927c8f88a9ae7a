import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFeed, untilSettled } from '../support/api-reader.js';
import { takeFreePorts } from '../support/free-ports.js';
import { pushToken } from '../support/server-process.js';
import { until } from '../support/until.js';
import { makeReport, openCluster, type Cluster } from './cluster.js';
import { openRoundRobin, type RoundRobin } from './round-robin.js';

let cluster: Cluster;
let balancer: RoundRobin | undefined;
beforeEach(async () => {
  cluster = await openCluster();
});
afterEach(async () => {
  balancer?.close();
  await cluster.close();
});

describe('a rolling restart under load', () => {
  it('fails not one acknowledgement, and loses nothing', async () => {
    const ports = await takeFreePorts(2);
    const start = (index: number) =>
      cluster.start(`p${index}`, { EARSHOT_PORT: String(ports[index]), EARSHOT_STOP_DELAY_MS: '1000' });
    const servers = [start(0), start(1)];
    const urls = await Promise.all(servers.map(({ url }) => url));
    const line = openRoundRobin(urls);
    balancer = line;
    await until(() => line.ready().length === 2, { what: 'both are ready' });

    let isOver = false;
    let sent = 0;
    const refused: unknown[] = [];
    const push = async (): Promise<void> => {
      while (!isOver) {
        const body = `[${makeReport(++sent)}]`;
        const answer = await line.post(`/push/${pushToken}`, body).catch((error: unknown) => error);
        const { status } = answer as { status?: number };
        if (status !== 200) refused.push(answer);
      }
    };
    const load = Array.from({ length: 4 }, push);
    for (const index of [0, 1]) {
      const before = sent;
      await until(() => sent > before + 50, { what: 'pushes come' });
      expect(await servers[index]?.stop()).toEqual({ code: 0, signal: null });
      servers[index] = start(index);
      await servers[index].url;
      await until(() => line.ready().length === 2, { what: 'both are ready again' });
    }
    isOver = true;
    await Promise.all(load);

    expect(refused).toEqual([]);
    const [url = ''] = urls;
    await untilSettled(url);
    const callIds = (await readFeed(url)).map(({ callId }) => callId);
    expect(callIds).toHaveLength(sent);
    expect(new Set(callIds).size).toBe(sent);
  });
});
