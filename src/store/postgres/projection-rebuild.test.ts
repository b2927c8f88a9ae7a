import { describe, expect, it } from 'vitest';
import {
  archived,
  blocked,
  drive,
  lost,
  retryAt,
  toInstant,
} from '../../../test/conformance/store-under-test.js';
import { makeLink, makeMessage, noteOf, recordOf } from '../../../test/support/make-message.js';
import { createPreparedDatabase } from '../../../test/support/temporary-database.js';
import { testStart } from '../../../test/support/temporary-store.js';
import { rebuildProjection } from '../../project/projector.js';
import { Database } from './database.js';
import { openPostgresStore } from './open-postgres-store.js';
import { PartitionsRetention } from './retention.js';

const day = 86_400_000;

/** A store in a database of its own, which a test may bend. */
async function withStore(
  work: (store: ReturnType<typeof drive>, database: Database, url: string) => Promise<void>,
): Promise<void> {
  const temporary = await createPreparedDatabase();
  const store = openPostgresStore({ url: temporary.url, connections: 3 });
  const database = new Database({ url: temporary.url, connections: 1 });
  try {
    await store.prepare();
    await work(
      drive({ ...store, reopen: () => Promise.reject(new Error('stays open')) }),
      database,
      temporary.url,
    );
  } finally {
    await database.close();
    await store.close();
    await temporary.drop();
  }
}

const rebuild = (store: ReturnType<typeof drive>): Promise<number> =>
  rebuildProjection({ journal: store.journal, rebuild: store.rebuild, toInstant }, () => undefined);

const recordIn = (callId: string, months: number, name = 'a') =>
  makeMessage(
    recordOf(callId, {
      recordFile: makeLink(`${callId}.wav`, testStart + (months * 31 + 7) * day, name),
      outId: `${months}`,
    }),
    testStart + months * 31 * day,
  );

describe('a rebuild', () => {
  it('keeps what began in months of the journal that were dropped, and what was told of it since', async () => {
    await withStore(async (store, database) => {
      await store.take(recordIn('1^1', 0), recordIn('2^2', 0), recordIn('3^3', 0), recordIn('4^4', 0));
      await store.conclude('1^1', archived);
      await store.conclude('2^2', lost, testStart + 32 * day);
      await store.conclude('3^3', blocked, testStart + 33 * day);
      await store.take(
        recordIn('2^2', 1, 'fresh'),
        recordIn('5^5', 1),
        makeMessage(noteOf('1^1'), testStart + 31 * day),
      );
      await store.conclude('5^5', retryAt(testStart + 90 * day), testStart + 34 * day);
      const before = await store.everything();
      await new PartitionsRetention(database).dropMonthsBefore(testStart + 30 * day);
      expect((await store.journal.read(0, 100)).map(({ callId }) => callId)).not.toContain('4^4');

      await rebuild(store);
      expect(await store.everything()).toEqual(before);
      await store.take(recordIn('4^4', 2, 'fresher'));
      expect(await store.recordingOf('4^4')).toMatchObject({ id: 'r4', state: 'pending' });
    });
  });

  it('leaves tables, indexes and statistics by the names that they had', async () => {
    await withStore(async (store, database) => {
      const names = async (): Promise<unknown[]> =>
        (
          await database.run(
            `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
             UNION ALL SELECT stxname FROM pg_statistic_ext ORDER BY name`,
          )
        ).rows;
      await store.take(recordIn('1^1', 0));
      const before = await names();
      await rebuild(store);
      await rebuild(store);
      expect(await names()).toEqual(before);
    });
  });

  it('that another begins after it is given up: its tables are gone', async () => {
    await withStore(async (store, _database, url) => {
      await store.take(recordIn('1^1', 0));
      const before = await store.everything();
      await store.rebuild.begin();
      const other = openPostgresStore({ url, connections: 1 });
      await other.rebuild.begin();
      await other.close();
      await expect(store.rebuild.finish(1)).rejects.toMatchObject({ kind: 'other' });
      expect(await store.everything()).toEqual(before);
      await rebuild(store);
      expect(await store.everything()).toEqual(before);
    });
  });

  it('waits for the projector to stand where it stands', async () => {
    await withStore(async (store) => {
      await store.take(recordIn('1^1', 0));
      await store.rebuild.begin();
      expect(await store.rebuild.finish(0)).toBe(false);
      expect(await store.recordings.counts()).toMatchObject({ pending: 1 });
    });
  });

  it('is refused where the schema is not the one that it knows', async () => {
    await withStore(async (store, database) => {
      await database.run('UPDATE earshot_schema SET version = version + 1');
      await expect(rebuild(store)).rejects.toMatchObject({ kind: 'newer-schema' });
    });
  });

  it('is undone where months of the journal were dropped while it read them', async () => {
    await withStore(async (store, database) => {
      await store.take(recordIn('1^1', 0), recordIn('2^2', 0));
      await store.take(recordIn('3^3', 2));
      const before = await store.everything();
      await store.rebuild.begin();
      await new PartitionsRetention(database).dropMonthsBefore(testStart + 40 * day);
      await expect(store.rebuild.finish(3)).rejects.toMatchObject({ kind: 'busy' });
      expect(await store.everything()).toEqual(before);
    });
  });
});
