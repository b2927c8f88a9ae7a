import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openData, openEmbeddedData } from '../../src/app/open-data.js';
import { installEmbedded } from '../../src/app/move/switch-over.js';
import { moveMarksIn, openSqliteCopy } from '../../src/store/sqlite/open-copy.js';
import { drive } from '../conformance/store-under-test.js';
import { recordOf } from '../support/make-message.js';
import { moveAll, moveBetween } from './moved-stores.js';
import { makePostgresCopy, type PostgresCopyUnderTest } from './postgres-copies.js';
import { makeSqliteCopy, openSqlite, readSqlite, type SqliteUnderTest } from './sqlite-copies.js';

let source: SqliteUnderTest;
let copy: PostgresCopyUnderTest;

beforeEach(async () => {
  source = openSqlite();
  await drive(source).take(recordOf('1^1'));
  copy = await makePostgresCopy();
});
afterEach(async () => {
  await copy.drop();
  await source.close();
});

const openCopy = () => openData({ dataDir: '/nowhere', databaseUrl: copy.url });

describe('a database that a move has begun with', () => {
  it('is started by nobody until it is whole', async () => {
    await copy.target.begin('a source');
    await expect(openCopy()).rejects.toMatchObject({ kind: 'incomplete' });
    await copy.target.finish();
    await (await openCopy()).close();
  });

  it('takes no other store', async () => {
    await copy.target.begin('a source');
    await expect(copy.target.begin('another')).rejects.toMatchObject({ code: 'move-refused' });
    expect(await copy.target.begin('a source')).toBe('resumed');
    await copy.target.finish();
    expect(await copy.target.begin('a source')).toBe('finished');
  });
});

describe('a database that is in use', () => {
  it('is no place to move to', async () => {
    const store = await copy.open();
    await store.apiKeys.add({ name: 'one', hash: 'ab'.repeat(32), scopes: [], createdAt: 1 });
    await store.close();
    await expect(copy.target.begin('a source')).rejects.toMatchObject({ code: 'move-refused' });
  });
});

describe('a store that was moved away', () => {
  it('is started by nobody, and says where its data is', async () => {
    await copy.marks.setMovedTo('the embedded store in /data on there');
    await expect(openCopy()).rejects.toMatchObject({ kind: 'moved', message: /in \/data on there now/ });
    await copy.marks.setMovedTo(undefined);
    await (await openCopy()).close();

    const marks = moveMarksIn(source.folder, () => 'me');
    expect([await marks.identity(), await marks.identity()]).toEqual(['me', 'me']);
    await marks.setMovedTo('postgres://there/earshot');
    await expect(openData({ dataDir: source.folder, databaseUrl: undefined })).rejects.toMatchObject({
      kind: 'moved',
      message: /is in postgres:\/\/there\/earshot now/,
    });
  });
});

describe('a copy that is not what the store is', () => {
  it('is told by its first entry that differs', async () => {
    const reading = readSqlite(source.folder);
    const down = makeSqliteCopy();
    const other = openSqlite();
    await drive(other).take(recordOf('9^9'));
    const readingOther = readSqlite(other.folder);
    try {
      await moveAll({ ...reading, ...down, sourceJournal: source.journal });
      const mixed = moveBetween({ ...readingOther, ...down, sourceJournal: other.journal });
      await mixed.catchUp();
      expect(await mixed.checkJournal()).toBe(1);
    } finally {
      for (const each of [reading, readingOther, down]) each.close();
      rmSync(down.folder, { recursive: true, force: true });
      await other.close();
    }
  });
});

describe('an embedded store that was made beside another', () => {
  it('takes its place whole, and is not put there before it is', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'earshot-install-'));
    const old = openEmbeddedData(dataDir, { mayCreate: true });
    await old.apiKeys.add({ name: 'old', hash: 'cd'.repeat(32), scopes: [], createdAt: 1 });
    await old.close();
    const making = openSqliteCopy(join(dataDir, 'moving'));
    const reading = readSqlite(source.folder);
    await making.target.begin('a source');
    making.close();
    expect(() => installEmbedded(dataDir, 0)).toThrow(/no whole copy/);
    const again = openSqliteCopy(join(dataDir, 'moving'));
    await moveAll({ ...reading, ...again, sourceJournal: source.journal });
    again.close();
    reading.close();
    const aside = installEmbedded(dataDir, 0);
    expect(aside).toBe(join(dataDir, 'before-move-1970-01-01T00-00-00-000Z'));
    expect(installEmbedded(dataDir, 1)).toBeUndefined();
    const there = openEmbeddedData(dataDir);
    expect([await there.journal.lastSeq(), await there.apiKeys.list()]).toEqual([1, []]);
    await there.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
});
