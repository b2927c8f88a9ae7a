import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askStatusOf, readFeed, readStatus, untilSettled } from '../support/api-reader.js';
import { openPushSender, type PushSender } from '../support/push-sender.js';
import { openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';
import { expectInTime } from './expect-in-time.js';

let processes: ServerProcesses;
let url: string;
let sender: PushSender;
let lock: InstanceType<typeof DatabaseSync> | undefined;

beforeEach(async () => {
  processes = await openServerProcesses();
  url = await processes.spawn().url;
  sender = openPushSender(url);
  await untilSettled(url);
});

afterEach(async () => {
  lock?.close();
  lock = undefined;
  sender.close();
  await processes.close();
});

/** Takes the write lock of one of the store's files from this process, as a backup or a curious person might. */
function holdWriteLock(file: string): void {
  lock = new DatabaseSync(join(processes.dataDir, file));
  lock.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE');
}

const makeText = (number: number) =>
  `{"callId":"100000000001^${String(number).padStart(12, '0')}","statusCode":"200010"}`;

describe('A server whose files are locked by another process', () => {
  it('answers 503 in time while the inbox is locked, and 200 again right after', async () => {
    const heldFromMs = performance.now();
    holdWriteLock('inbox.db');
    const acknowledged: string[] = [];
    let sent = 0;
    const push = async () => {
      const text = makeText(++sent);
      const answer = await sender.push(`[${text}]`);
      if (answer.status === 200) acknowledged.push(text);
      return answer;
    };
    const answers = [];
    // Two seconds: longer than the writer waits for a lock, so that it fails, and fails again.
    while (performance.now() - heldFromMs < 2_000) {
      answers.push(...(await Promise.all([push(), push(), push()])));
    }
    expect(answers.map(({ status, code }) => ({ status, code }))).toEqual(
      answers.map(() => ({ status: 503, code: 503 })),
    );
    expectInTime(answers);
    expect(await askStatusOf(url, '/healthz')).toBe(200);
    expect(await askStatusOf(url, '/readyz')).toBe(503);

    lock?.exec('ROLLBACK');
    await until(async () => (await push()).status === 200, { what: 'a push is taken again' });
    await until(async () => (await askStatusOf(url, '/readyz')) === 200, {
      what: 'it says that it is ready',
    });
    await untilSettled(url);
    const feed = (await readFeed(url)).map(({ text }) => text);
    expect(feed).toEqual(expect.arrayContaining(acknowledged));
    expect(new Set(feed).size).toBe(feed.length);
  });

  it('goes on acknowledging while the store is locked, and sorts later', async () => {
    holdWriteLock('store.db');
    const texts = Array.from({ length: 100 }, (_, index) => makeText(index));
    for (const text of texts) expect(await sender.push(`[${text}]`)).toMatchObject({ status: 200, code: 0 });
    expect((await readStatus(url)).inbox.pending).toBe(100);
    expect(await askStatusOf(url, '/readyz')).toBe(200);

    lock?.exec('ROLLBACK');
    await untilSettled(url);
    expect((await readFeed(url)).map(({ text }) => text)).toEqual(texts);
  });
});
