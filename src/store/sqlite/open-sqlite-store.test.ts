import { readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dead, driveDispatch, halvedInto } from '../../../test/conformance/dispatch-driver.js';
import { makeMessage, recordOf } from '../../../test/support/make-message.js';
import { makeTemporaryFolder } from '../../../test/support/temporary-folder.js';
import { testStart } from '../../../test/support/temporary-store.js';
import type { ReceivedPush } from '../inbox.js';
import { StoreError } from '../store-error.js';
import { Connection } from './connection.js';
import { openDirectly } from './open-directly.js';
import { openSqliteStore, type SqliteStore } from './open-sqlite-store.js';
import { sqliteFilesIn } from './sqlite-files.js';
import { openThreadRoles } from './thread-roles.js';

async function open(folder = makeTemporaryFolder()) {
  const deaths: Error[] = [];
  const store = await openSqliteStore(folder, (error) => deaths.push(error));
  onTestFinished(() => store.close());
  await store.ready;
  return { store, deaths, folder };
}

const push = (body: Uint8Array): ReceivedPush => ({
  receivedAt: testStart,
  source: 'default',
  remoteAddress: '127.0.0.1',
  body,
});

/** Files of the folder that this process has open. (Those of a closed connection stay until its statements are collected, or its thread ends.) */
function openFilesIn(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((descriptor) => {
    try {
      const file = readlinkSync(`/proc/self/fd/${descriptor}`);
      return file.startsWith(folder) ? [file] : [];
    } catch {
      return [];
    }
  });
}

const closed = { name: 'StoreError', kind: 'closed' };

describe('the store in its threads', () => {
  it('takes calls across, whole and unharmed, and answers them', async () => {
    const { store, deaths } = await open();
    const text = '{"callId":"a\\u0000\\ud800^录","recordFile":"http://h/x","n":12345678901234567890}';
    expect(await store.journalWriter.append({ messages: [makeMessage(text)], quarantined: [] })).toEqual({
      appended: 1,
      duplicates: 0,
      quarantined: 0,
    });
    const [entry] = await store.journal.read(0, 10);
    expect(entry).toMatchObject({ callId: 'a\u0000\ud800^录', text });
    expect(await store.calls.get('none')).toBeUndefined();
    expect(await store.calls.search({ limit: 1, q: 'none' })).toEqual({ items: [] });
    expect(deaths).toEqual([]);
  });

  it('keeps the bytes of a push that are a view into something larger', async () => {
    const { store } = await open();
    const large = Buffer.alloc(100_000, 'x');
    await store.inbox.append([push(large.subarray(5, 8)), push(Buffer.from('[]'))]);
    expect(large.byteLength).toBe(100_000);
    const roles = openThreadRoles(store.ports());
    const pushes = await roles.inboxReader.read(0, 10, 1_000);
    expect(pushes.map(({ body }) => Buffer.from(body).toString())).toEqual(['xxx', '[]']);
    roles.close();
  });

  it('serves more threads through ports of their own', async () => {
    const { store } = await open();
    const roles = openThreadRoles(store.ports());
    await roles.journalWriter.append({ messages: [makeMessage(recordOf('1^1'))], quarantined: [] });
    expect(await roles.journal.lastSeq()).toBe(1);
    expect(await store.journal.lastSeq()).toBe(1);
    roles.close();
    expect(await store.journal.lastSeq()).toBe(1);
  });

  it('lets one thread send what another is asked about', async () => {
    const { store } = await open();
    const roles = openThreadRoles(store.ports());
    const drive = driveDispatch(roles);
    const { id, lease } = await drive.serve();
    const delivery = await drive.cutOne(lease, 0, [2, 3, 1]);
    await drive.settle(lease, delivery, halvedInto([2], [3, 1]));
    for (const half of await roles.deliveries.open(id, 10)) await drive.settle(lease, half, dead);
    expect(await store.deliveries.get(delivery.id)).toMatchObject({ state: 'dead', attempts: 1 });
    expect(await store.deliveries.attempts(delivery.id)).toMatchObject([{ reason: 'content-refused' }]);
    expect(await store.endpoints.tally(id)).toEqual({ pending: 0, delivered: 0, dead: 2 });
    const replay = await store.replaysWriter.start(id, { kind: 'dead' }, testStart);
    expect(await roles.replays.running(id)).toEqual(replay);
    expect(await roles.deliveries.covered(id, [1, 2])).toEqual([]);
    await store.linkKeysWriter.rotate({ id: 'a', secret: 'x', createdAt: testStart }, testStart);
    expect(await roles.linkKeys.list()).toEqual(await store.linkKeys.list());
    expect(await roles.recordings.get('r1')).toBeUndefined();
    roles.close();
  });

  it('brings errors back with their kind, and goes on', async () => {
    const { store, deaths, folder } = await open();
    const other = new Connection(sqliteFilesIn(folder).inbox, { busyTimeoutMs: 100, cacheKiB: 100 });
    other.exec('BEGIN IMMEDIATE');
    await expect(store.inbox.append([push(Buffer.from('[]'))])).rejects.toMatchObject({
      name: 'StoreError',
      kind: 'busy',
    });
    other.exec('ROLLBACK');
    other.close();
    await store.inbox.append([push(Buffer.from('[]'))]);
    expect(deaths).toEqual([]);
  });

  it('is there as it was when it is opened again', async () => {
    const { store, folder } = await open();
    await store.journalWriter.append({
      messages: [makeMessage(recordOf('1^1'))],
      quarantined: [],
      sortedUpTo: 5,
    });
    await store.close();
    const again = await open(folder);
    expect(await again.store.journal.lastSeq()).toBe(1);
    expect(await again.store.journal.cursors()).toMatchObject({ sorter: 5 });
  });
});

describe('closing', () => {
  it('waits for what is under way', async () => {
    const { store, folder } = await open();
    const appended = store.inbox.append([push(Buffer.from('[1]'))]);
    const journaled = store.journalWriter.append({
      messages: [makeMessage(recordOf('1^1'))],
      quarantined: [],
    });
    await store.close();
    await appended;
    expect(await journaled).toMatchObject({ appended: 1 });
    const direct = openDirectly(sqliteFilesIn(folder), () => testStart);
    expect(await direct.inboxReader.backlog(0)).toMatchObject({ pending: 1 });
    direct.close();
  });

  const calls: [string, (store: SqliteStore) => Promise<unknown>][] = [
    ['an append to the inbox', (store) => store.inbox.append([push(Buffer.from('[]'))])],
    ['a probe', (store) => store.inbox.probe()],
    ['an append to the journal', (store) => store.journalWriter.append({ messages: [], quarantined: [] })],
    ['a search', (store) => store.calls.search({ limit: 1 })],
  ];

  it.each(calls)('fails %s that comes later, or while it closes', async (_name, call) => {
    const { store, folder } = await open();
    const closing = store.close();
    await expect(call(store)).rejects.toMatchObject(closed);
    await closing;
    await expect(call(store)).rejects.toMatchObject(closed);
    await store.close();
    expect(openFilesIn(folder)).toEqual([]);
  });

  it('leaves the files of the folder and no log beside them', async () => {
    const { store, folder } = await open();
    await store.inbox.append([push(Buffer.from('[]'))]);
    await store.close();
    expect(readdirSync(folder).toSorted()).toEqual(['inbox.db', 'store.db']);
  });
});

describe('a folder that cannot be used', () => {
  function writtenByNewer(name: 'inbox' | 'store'): string {
    const folder = makeTemporaryFolder();
    const files = sqliteFilesIn(folder);
    writeFileSync(files.inbox, '');
    const connection = new Connection(files[name], { busyTimeoutMs: 100, cacheKiB: 100 });
    connection.exec('PRAGMA user_version = 99');
    connection.close();
    return folder;
  }

  it.each(['inbox', 'store'] as const)(
    'is one whose %s a newer version wrote: nothing is left open',
    async (name) => {
      const folder = writtenByNewer(name);
      const opened = openSqliteStore(folder, () => undefined).then(async (store) => {
        try {
          await store.ready;
        } finally {
          await store.close();
        }
      });
      await expect(opened).rejects.toMatchObject({ kind: 'newer-schema' });
      await expect(opened).rejects.toThrow(/99.*Nothing was changed/s);
      expect(openFilesIn(folder)).toEqual([]);
    },
  );

  it.each(['inbox', 'store'] as const)('is refused in one thread as well, for its %s', (name) => {
    const folder = writtenByNewer(name);
    expect(() => openDirectly(sqliteFilesIn(folder), () => testStart)).toThrow(StoreError);
  });

  it('says of a file that is no database that it is corrupt', async () => {
    const folder = makeTemporaryFolder();
    writeFileSync(join(folder, 'inbox.db'), 'x'.repeat(10_000));
    await expect(openSqliteStore(folder, () => undefined)).rejects.toMatchObject({ kind: 'corrupt' });
    expect(openFilesIn(folder)).toEqual([]);
  });
});
