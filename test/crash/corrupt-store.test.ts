import { mkdir, open, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askStatusOf, readFeed, untilSettled } from '../support/api-reader.js';
import { openPushSender, type PushSender } from '../support/push-sender.js';
import { openServerProcesses, type ServerProcess, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

let processes: ServerProcesses;
let server: ServerProcess;
let url: string;
let sender: PushSender;
let made: number;

beforeEach(async () => {
  made = 0;
  processes = await openServerProcesses();
  server = processes.spawn();
  url = await server.url;
  sender = openPushSender(url);
});

afterEach(async () => {
  sender.close();
  await processes.close();
});

/** Pushes one message of its own; its text where it was acknowledged. */
async function push(): Promise<string | undefined> {
  const text = `{"callId":"100000000001^${String(++made).padStart(12, '0')}","statusCode":"200010"}`;
  const { status, code } = await sender.push(`[${text}]`);
  expect([200, 503]).toContain(status);
  expect(code).toBeTypeOf('number');
  return status === 200 ? text : undefined;
}

async function pushSome(count: number): Promise<string[]> {
  const texts: string[] = [];
  for (let n = 0; n < count; n++) {
    const text = await push();
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

/** Writes nonsense over what is there, byte for byte, under the server's hands. */
async function overwrite(file: string): Promise<void> {
  const { size } = await stat(file);
  const handle = await open(file, 'r+');
  await handle.write(Buffer.alloc(size, 0xa5), 0, size, 0);
  await handle.sync();
  await handle.close();
}

async function moveAway(names: readonly string[]): Promise<void> {
  const away = join(processes.dataDir, 'broken');
  await mkdir(away);
  for (const name of names) await rename(join(processes.dataDir, name), join(away, name));
}

async function inboxFiles(): Promise<string[]> {
  return (await readdir(processes.dataDir)).filter((name) => name.startsWith('inbox.db'));
}

/** Pushes until one is taken, then some more: all of these must be found, now and after a crash. */
async function expectKeptFromNowOn(earlier: readonly string[]): Promise<void> {
  const first = await until(push, { what: 'a push is taken again' });
  const later = [first, ...(await pushSome(30))];
  expect(later).toHaveLength(31);
  await until(async () => (await askStatusOf(url, '/readyz')) === 200, { what: 'it says that it is ready' });
  await untilSettled(url);
  const texts = async (where: string) => (await readFeed(where)).map(({ text }) => text);
  expect(await texts(url)).toEqual(expect.arrayContaining([...earlier, ...later]));

  const last = await pushSome(10);
  await server.kill();
  const again = await processes.spawn().url;
  await untilSettled(again);
  expect(await texts(again)).toEqual(expect.arrayContaining([...earlier, ...later, ...last]));
}

describe('An inbox that goes bad under a running server', () => {
  it('overwritten with nonsense and moved away whole: what is acknowledged afterwards is kept', async () => {
    const earlier = await pushSome(50);
    await untilSettled(url);
    for (const name of await inboxFiles()) {
      if (!name.endsWith('-shm')) await overwrite(join(processes.dataDir, name));
    }
    await pushSome(5);
    expect(await askStatusOf(url, '/healthz')).toBe(200);

    await moveAway(await inboxFiles());
    await expectKeptFromNowOn(earlier);
  });

  it('moved away without its log, as one easily does: what is acknowledged afterwards is kept', async () => {
    const earlier = await pushSome(50);
    await untilSettled(url);
    await overwrite(join(processes.dataDir, 'inbox.db'));
    await pushSome(5);

    await moveAway(['inbox.db']);
    await expectKeptFromNowOn(earlier);
  });
});
