import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/simulator/seeded-random.js';
import { readFeed, readStatus, untilSettled } from '../support/api-reader.js';
import { createLocalPeers } from '../support/local-peers.js';
import { isKept, openPushSender } from '../support/push-sender.js';
import { until } from '../support/until.js';
import type { CrashSite } from './crash-site.js';
import { countRounds, crashSeed, openCrashSite, storesToTry } from './open-crash-site.js';
import { createEndpoint, openReceiver } from './receiver.js';

/** More of them: CRASH_ROUNDS. */
const rounds = countRounds(1, 3);
const messages = 6_000;
const perPush = 200;

const peers = createLocalPeers();
afterEach(() => peers.close());

async function fill(url: string): Promise<void> {
  const sender = openPushSender(url);
  for (let from = 0; from < messages; from += perPush) {
    const items = Array.from({ length: perPush }, (_, i) => ({
      callId: `call-${String(from + i).padStart(6, '0')}`,
      statusCode: '1',
    }));
    expect(isKept(await sender.push(JSON.stringify(items)))).toBe(true);
  }
  sender.close();
  await untilSettled(url);
}

describe.each(storesToTry)('deliveries under kill -9, on the store %s,', (kind) => {
  let site: CrashSite;
  beforeEach(async () => {
    site = await openCrashSite(kind, { EARSHOT_ALLOW_NETWORKS: '127.0.0.1/32' });
  });
  afterEach(() => site.close());

  const startAll = () => Promise.all(site.places.map((place) => site.start(place).url));

  it(
    'arrive all, repeated only with the same webhook-id, and in order where one is sent at a time',
    async () => {
      const random = seededRandom('delivery-crash', crashSeed);
      const [ordered, parallel] = [await openReceiver(peers, 1), await openReceiver(peers, 2)];
      const [first = ''] = await startAll();
      await site.untilAtWork(first);
      await fill(first);
      await createEndpoint(first, { url: ordered.url, concurrency: 1, batchSize: 2 });
      await createEndpoint(first, { url: parallel.url, concurrency: 4, batchSize: 2 });

      for (let round = 1; round <= rounds; round++) {
        const strikeAt = ordered.arrivals.length + 20 + Math.floor(random() * 500);
        await until(() => ordered.arrivals.length >= Math.min(strikeAt, (0.95 * messages) / 2), {
          what: 'deliveries go on',
          everyMs: 1,
        });
        await site.strike(random);
        await startAll();
      }
      const [url = ''] = await startAll();
      await until(
        async () => (await readStatus(url)).endpoints.every(({ pending, lag }) => pending === 0 && lag === 0),
        { what: 'everything is delivered', everyMs: 100 },
      );
      expect((await readStatus(url)).endpoints.map(({ dead }) => dead)).toEqual([0, 0]);
      const callIds = (await readFeed(url)).map(({ callId }) => callId);
      expect(callIds).toHaveLength(messages);
      expect(ordered.compare(callIds, 'in order')).toEqual([]);
      expect(parallel.compare(callIds, 'in any order')).toEqual([]);
      expect(site.deaths).toEqual([]);
      await site.stop();
    },
    180_000 + rounds * 30_000,
  );
});
