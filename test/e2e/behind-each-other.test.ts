import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import type { Recording } from '../../src/contract/recordings.js';
import { memberText } from '../../src/protocol/json-text.js';
import { openSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { readCalls, readFeed, readRecordings, readStatus, untilSettled } from '../support/api-reader.js';
import { makeMp3, makeWav } from '../support/audio-samples.js';
import { apiKey, openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

let processes: ServerProcesses;
let simulator: Simulator | undefined;
let first: string;
let second: string;

/** Two Earshots, the second behind the first as any receiver is; both may speak to this machine. */
beforeEach(async () => {
  processes = await openServerProcesses();
  const settings = { EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8', EARSHOT_RECORDING_HOSTS: '127.0.0.1' };
  const one = processes.spawn({ settings });
  const other = processes.spawn({ settings, dataDir: join(processes.dataDir, '..', 'second') });
  [first, second] = await Promise.all([one.url, other.url]);
});
afterEach(async () => {
  await simulator?.close();
  simulator = undefined;
  await processes.close();
});

const clientOf = (baseUrl: string) => createClient({ baseUrl, apiKey });
const toSecond = () => `${second}/push/${pushToken}`;

async function untilArchived(url: string, count: number): Promise<Recording[]> {
  const settled = async () => {
    const recordings = await readRecordings(url);
    return recordings.length === count && recordings.every(({ state }) => state !== 'pending') && recordings;
  };
  return until(settled, {
    what: `${count} recordings are archived or lost`,
    everyMs: 100,
  });
}

const hashOf = ({ callId, state, asset }: Recording) => [callId, state, asset?.sha256, asset?.bytes];
const hashesOf = (recordings: readonly Recording[]) => recordings.map(hashOf).toSorted();

describe('Earshot behind Earshot', () => {
  it('archives from the links of the one in front, once each recording is safe there', async () => {
    const calls = 20;
    const client = clientOf(first);
    const endpoint = await client.endpoints.create({
      ...{ url: toSecond(), when: 'archived', recordFile: 'archived', batchSize: 7, lingerMs: 50 },
    });
    simulator = await openSimulator(
      {
        ...{ to: `${first}/push/${pushToken}`, calls, rate: 20, batch: 3, seed: 11, reportShare: 0.5 },
        ...{ minCallSeconds: 2, maxCallSeconds: 8, timeoutMs: 10_000 },
        faults: { expired: 0.15, 'late-object': 0.2, 'duplicate-push': 0.2 },
        timeScale: 1000,
      },
      { clock: () => Date.now() },
    );
    await simulator.run();
    const inFront = await untilArchived(first, calls);
    const behind = await untilArchived(second, calls);
    expect(hashesOf(behind)).toEqual(hashesOf(inFront));

    const archived = behind.filter(({ state }) => state === 'archived');
    expect(archived.length).toBeGreaterThan(calls / 2);
    const idsInFront = new Map(inFront.map(({ callId, id }) => [callId, id]));
    for (const { callId, path, host } of archived) {
      expect([path, host]).toEqual([`/r/${idsInFront.get(callId) ?? ''}`, new URL(first).host]);
    }
    // A lost recording comes with the link that was received: it is lost there, too, in its sender's words.
    expect(
      behind.filter(({ state }) => state === 'lost').every(({ host }) => host !== new URL(first).host),
    ).toBe(true);

    // Reports and records alike, each once, and every byte of them but the link.
    await untilSettled(second);
    const [sent, got] = await Promise.all([readFeed(first), readFeed(second)]);
    const contentOf = ({ callId, type, text }: (typeof sent)[number]) =>
      JSON.stringify([callId, type, text.replace(memberText(text, 'recordFile') ?? '∅', '')]);
    expect(got.map(contentOf).toSorted()).toEqual(sent.map(contentOf).toSorted());
    expect(await client.endpoints.get(endpoint.id)).toMatchObject({ state: 'active', lag: 0 });
  });

  it('passes on what a platform publishes, audio and all, and forgets what is deleted', async () => {
    const client = clientOf(first);
    // A busy machine may answer a first push late: it shall come again before the test gives up.
    await client.endpoints.create({ url: toSecond(), retrySchedule: [1, 2, 5, 10, 20] });
    const audio = [makeWav({ seconds: 3, format: 1 }), makeMp3(4), makeWav({ seconds: 2, channels: 2 })];
    const published = [];
    for (const [index, bytes] of audio.entries()) {
      const message = `{"callId":"own^${index}","duration":3,"big":12345678901234567890}`;
      published.push(await client.recordings.publish(message, new Blob([bytes])));
    }
    await client.messages.publish('[{"callId":"own^0","majorIntent":"A"}]');
    const behind = await untilArchived(second, audio.length);
    expect(hashesOf(behind)).toEqual(hashesOf(await readRecordings(first)));
    expect(behind.every(({ state }) => state === 'archived')).toBe(true);

    await until(async () => (await readFeed(second)).length === 4, { what: 'the note has come, too' });
    const feed = await readFeed(second);
    expect(feed.filter(({ text }) => text.includes('12345678901234567890'))).toHaveLength(3);
    expect(JSON.stringify(feed)).not.toContain('earshot:');
    expect((await readCalls(second)).map(({ callId }) => callId).toSorted()).toEqual([
      'own^0',
      'own^1',
      'own^2',
    ]);

    const [one] = published;
    if (!one) throw new Error('nothing was published');
    const ask = async () => (await fetch(one.recordFile)).status;
    expect(await ask()).toBe(200);
    await client.recordings.remove(one.recordingId);
    expect(await ask()).toBe(404);
    expect((await readStatus(second)).recordings).toMatchObject({ archived: 3 });
  });

  it('has every link die at once when its keys are replaced', async () => {
    const client = clientOf(first);
    const audio = new Blob([makeWav({ seconds: 1 })]);
    const { recordFile, recordingId } = await client.recordings.publish('{"callId":"1^1"}', audio);
    const statusOf = async (link: string) => (await fetch(link, { method: 'HEAD' })).status;
    expect(await processes.run('key', 'rotate-links')).toMatchObject({ code: 0 });
    expect(await statusOf(recordFile)).toBe(200);
    expect(await processes.run('key', 'rotate-links', '--revoke-old')).toMatchObject({ code: 0 });
    await until(async () => (await statusOf(recordFile)) === 403, { what: 'the link is dead' });
    const { items } = await client.messages.read();
    const { recordFile: fresh } = items[0]!.message as { recordFile: string };
    expect(fresh).toContain(`/r/${recordingId}?`);
    expect(await statusOf(fresh)).toBe(200);
  });
});
