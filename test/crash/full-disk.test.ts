import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askStatusOf, readFeed, readStatus, untilSettled } from '../support/api-reader.js';
import { openPushSender, type PushAnswer, type PushSender } from '../support/push-sender.js';
import { openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { openSmallDisk, type SmallDisk } from '../support/small-disk.js';
import { until } from '../support/until.js';
import { expectInTime } from './expect-in-time.js';

const needsMount = 'skipped: mounting a small tmpfs needs root, and a disk is filled in no other way';

let processes: ServerProcesses;
let disk: SmallDisk | undefined;
let sender: PushSender | undefined;

beforeEach(async () => {
  processes = await openServerProcesses();
  disk = await openSmallDisk(16);
});

afterEach(async () => {
  sender?.close();
  await processes.close();
  await disk?.close();
});

let made = 0;
/** A record of its own, with `bytes` of white space around it. */
function makePush(bytes = 0): { text: string; body: string } {
  const text = `{"callId":"100000000001^${String(++made).padStart(12, '0')}","statusCode":"200010"}`;
  return { text, body: `[${' '.repeat(bytes)}${text}]` };
}

describe('A server whose disk is full', () => {
  it('answers 503 in time, stays alive, says so, and takes pushes again once there is space', async ({
    skip,
  }) => {
    if (!disk) return skip(needsMount);
    const dataDir = join(disk.folder, 'data');
    const server = processes.spawn({ dataDir });
    const url = await server.url;
    sender = openPushSender(url);
    const acknowledged: string[] = [];
    const push = async (bytes?: number): Promise<PushAnswer> => {
      const { text, body } = makePush(bytes);
      const answer = await sender!.push(body);
      if (answer.status === 200) acknowledged.push(text);
      return answer;
    };
    expect(await push()).toMatchObject({ status: 200, code: 0 });
    await untilSettled(url);

    await disk.fill();
    const refused = await until(
      async () => {
        const answer = await push(64 * 1024);
        return answer.status !== 200 && answer;
      },
      { what: 'a push finds the disk full' },
    );
    expect(refused).toMatchObject({ status: 503, code: 503 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => push(64 * 1024)));
    expect(answers.map(({ status, code }) => ({ status, code }))).toEqual(
      answers.map(() => ({ status: 503, code: 503 })),
    );
    expectInTime(answers);
    expect(await askStatusOf(url, '/healthz')).toBe(200);
    expect(await askStatusOf(url, '/readyz')).toBe(503);

    await disk.free();
    await until(async () => (await push()).status === 200, { what: 'a push is taken again' });
    await until(async () => (await askStatusOf(url, '/readyz')) === 200, {
      what: 'it says that it is ready',
    });
    await push(64 * 1024);
    await untilSettled(url);
    const feed = (await readFeed(url)).map(({ text }) => text);
    expect(feed).toEqual(expect.arrayContaining(acknowledged));
    expect(new Set(feed).size).toBe(feed.length);

    await server.kill();
    const again = await processes.spawn({ dataDir }).url;
    await untilSettled(again);
    expect((await readFeed(again)).map(({ text }) => text)).toEqual(feed);
  });

  it('goes on acknowledging where only the store is full, and sorts later', async ({ skip }) => {
    if (!disk) return skip(needsMount);
    await mkdir(processes.dataDir, { recursive: true });
    await symlink(join(disk.folder, 'store.db'), join(processes.dataDir, 'store.db'));
    const server = processes.spawn();
    const url = await server.url;
    sender = openPushSender(url);
    const pushes = Array.from({ length: 200 }, () => makePush());
    expect(await sender.push(pushes[0]!.body)).toMatchObject({ status: 200, code: 0 });
    await untilSettled(url);

    await disk.fill();
    for (const { body } of pushes.slice(1)) {
      expect(await sender.push(body)).toMatchObject({ status: 200, code: 0 });
    }
    await until(() => server.words().includes('could not go on'), { what: 'the sorter finds the disk full' });
    expect((await readStatus(url)).inbox.pending).toBeGreaterThan(0);
    expect(await askStatusOf(url, '/readyz')).toBe(200);

    await disk.free();
    await untilSettled(url);
    expect((await readFeed(url)).map(({ text }) => text)).toEqual(pushes.map(({ text }) => text));
  });
});
