import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeTemporaryFolder } from '../../../test/support/temporary-folder.js';
import { testStart } from '../../../test/support/temporary-store.js';
import { until } from '../../../test/support/until.js';
import type { ReceivedPush, SpoolBounds } from '../inbox.js';
import { Connection } from './connection.js';
import { openSpoolEnds, openSqliteSpool, spoolFileIn } from './open-sqlite-spool.js';

const roomy: SpoolBounds = { maxBytes: 2 ** 40, minFreeBytes: 0 };
const mebibyte = 1024 * 1024;
const full = { name: 'StoreError', kind: 'full' };

async function open(bounds: Partial<SpoolBounds> = {}, file = spoolFileIn(makeTemporaryFolder())) {
  const deaths: Error[] = [];
  const opened = await openSqliteSpool(file, { ...roomy, ...bounds }, (error) => deaths.push(error));
  const ends = openSpoolEnds(opened.port());
  onTestFinished(async () => {
    ends.close();
    await opened.close();
    expect(deaths).toEqual([]);
  });
  return { ...opened, ends, file, readAll: () => ends.reader.read(0, 10_000, Infinity) };
}

const makeKey = (number: number) => `0196f2c1-0000-7000-8000-${String(number).padStart(12, '0')}`;
const makePush = (number: number, bytes = 2): ReceivedPush => ({
  receivedAt: testStart + number,
  source: 'default',
  remoteAddress: '::1',
  body: Buffer.alloc(bytes, '['),
  key: makeKey(number),
});

describe('a spool', () => {
  it('gives back what it took, in order, with the keys', async () => {
    const { spool, readAll } = await open();
    const pushes = [makePush(1), { ...makePush(2), contentEncoding: 'gzip' }, makePush(3)];
    await spool.append(pushes);
    expect(await readAll()).toMatchObject(pushes.map(({ body: _, ...head }) => head));
  });

  it('knows how much waits and since when, and gives up what has left', async () => {
    const { spool, ends, readAll } = await open();
    expect(await spool.usage()).toEqual({ pending: 0, bytes: 0 });
    await spool.append([makePush(1), makePush(2), makePush(3)]);
    expect(await spool.usage()).toMatchObject({ pending: 3, oldestAt: testStart + 1 });
    const [first, second] = await readAll();
    await ends.spool.remove(first?.id ?? 0, second?.id ?? 0);
    expect((await readAll()).map(({ key }) => key)).toEqual([makeKey(3)]);
    expect(await spool.usage()).toMatchObject({ pending: 1, oldestAt: testStart + 3 });
  });

  it('is there again when it is opened again', async () => {
    const first = await open();
    await first.spool.append([makePush(1)]);
    await first.close();
    const again = await open({}, first.file);
    expect(await again.readAll()).toMatchObject([{ key: makeKey(1) }]);
  });

  it('opens a file of the schema before, whose pushes have no keys', async () => {
    const file = join(makeTemporaryFolder(), 'old.db');
    const old = new Connection(file, { busyTimeoutMs: 100, cacheKiB: 100 });
    old.exec(
      `CREATE TABLE pushes (id INTEGER PRIMARY KEY AUTOINCREMENT, received_at INTEGER NOT NULL, source TEXT NOT NULL,
         path_type TEXT, remote_address TEXT NOT NULL, content_encoding TEXT, body BLOB NOT NULL) STRICT;
       CREATE TABLE probe (at INTEGER NOT NULL) STRICT; INSERT INTO probe VALUES (0);
       INSERT INTO pushes VALUES (7, 1, 'default', NULL, '', NULL, x'5b5d'); PRAGMA user_version = 1`,
    );
    old.close();
    const { spool, readAll } = await open({}, file);
    await spool.append([makePush(8)]);
    const [before, after] = await readAll();
    expect(before).not.toHaveProperty('key');
    expect(after).toMatchObject({ key: makeKey(8) });
  });
});

describe('the bounds of a spool', () => {
  it('are not crossed by a byte, and there is room again when pushes leave', async () => {
    const { spool, readAll } = await open({ maxBytes: 2 * mebibyte });
    await spool.append([makePush(1, mebibyte)]);
    await expect(spool.append([makePush(2, mebibyte)])).rejects.toMatchObject(full);
    await spool.append([makePush(3)]);
    expect((await spool.usage()).bytes).toBeLessThan(2 * mebibyte);
    const [first] = await readAll();
    await spool.remove(first?.id ?? 0, first?.id ?? 0);
    await spool.append([makePush(4, mebibyte)]);
    expect((await readAll()).map(({ key }) => key)).toEqual([makeKey(3), makeKey(4)]);
  });

  it('hold for pushes that leave each page half empty', async () => {
    const { spool } = await open({ maxBytes: mebibyte });
    const fill = async (): Promise<never> => {
      for (let number = 0; ; number += 7) {
        await spool.append(Array.from({ length: 7 }, (_, index) => makePush(number + index, 2_100)));
      }
    };
    await expect(fill()).rejects.toMatchObject(full);
    expect((await spool.usage()).bytes).toBeLessThanOrEqual(mebibyte);
    await expect(spool.append([makePush(9_999, 30_000)])).rejects.toMatchObject(full);
    expect((await spool.usage()).bytes).toBeGreaterThan(0.9 * mebibyte);
  });

  it('leave the rest of the disk some room, and a probe says so before a push does', async () => {
    const { spool } = await open({ minFreeBytes: 2 ** 60 });
    await expect(spool.append([makePush(1)])).rejects.toMatchObject(full);
    await expect(spool.probe()).rejects.toMatchObject(full);
    expect(await spool.usage()).toMatchObject({ pending: 0 });
  });

  it('do not include what a long outage once took: it goes back to the disk', async () => {
    const { spool, file, readAll } = await open();
    for (let number = 0; number < 20; number++) await spool.append([makePush(number, 4 * mebibyte)]);
    await until(() => statSync(file).size > 70 * mebibyte, { what: 'the log is copied into the file' });
    const ids = (await readAll()).map(({ id }) => id);
    await spool.remove(ids[0] ?? 0, ids.at(-1) ?? 0);
    await until(() => statSync(file).size < mebibyte, { what: 'the file is small again' });
    await spool.append([makePush(21)]);
    const [next] = await readAll();
    expect(next?.id).toBeGreaterThan(ids.at(-1) ?? 0);
  });
});

it('leaves one file and no log beside it when it is closed', async () => {
  const folder = makeTemporaryFolder();
  const opened = await openSqliteSpool(spoolFileIn(folder), roomy, () => undefined);
  await opened.spool.append([makePush(1)]);
  await opened.close();
  expect(readdirSync(folder)).toEqual(['spool.db']);
  await expect(opened.spool.append([makePush(2)])).rejects.toMatchObject({ kind: 'closed' });
});
