import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TemporaryDatabase } from '../../../test/support/temporary-database.js';
import { Database } from './database.js';
import { migrate } from './migrate.js';
import { openPostgresStore } from './open-postgres-store.js';
import { schemaSteps } from './store-schema.js';

let temporary: TemporaryDatabase;
let databases: Database[];
const open = (): Database => {
  const database = new Database({ url: temporary.url, connections: 2 });
  databases.push(database);
  return database;
};

beforeEach(async () => {
  temporary = await createDatabase();
  databases = [];
});
afterEach(async () => {
  for (const database of databases) await database.close();
  await temporary.drop();
});

const first = 'CREATE TABLE one (at bigint); -- with; a comment\nINSERT INTO one VALUES (1);';
const second = 'DO $$ BEGIN ALTER TABLE one ADD COLUMN more bigint; UPDATE one SET more = 2; END $$;';

const versionIn = async (database: Database) =>
  (await database.run('SELECT version FROM earshot_schema')).rows[0]?.['version'];

describe('a schema', () => {
  it('is made once by processes that start at the same moment', async () => {
    await Promise.all([1, 2, 3, 4].map(() => migrate(open(), [first, second])));
    const database = open();
    expect((await database.run('SELECT * FROM one')).rows).toEqual([{ at: 1, more: 2 }]);
    expect(await versionIn(database)).toBe(2);
  });

  it('goes on from where it is, and a step that fails leaves it there', async () => {
    const database = open();
    await migrate(database, [first]);
    await expect(migrate(database, [first, `${second} nonsense;`])).rejects.toMatchObject({ kind: 'other' });
    expect((await database.run('SELECT * FROM one')).rows).toEqual([{ at: 1 }]);
    expect(await versionIn(database)).toBe(1);
    await migrate(database, [first, second]);
    expect((await database.run('SELECT * FROM one')).rows).toEqual([{ at: 1, more: 2 }]);
  });

  it('is as the stores want it, whoever of them prepares it', async () => {
    const stores = [1, 2, 3].map(() => openPostgresStore({ url: temporary.url, connections: 2 }));
    await Promise.all(stores.map((store) => store.prepare()));
    await Promise.all(stores.map((store) => store.close()));
    expect(await versionIn(open())).toBe(schemaSteps.length);
  });

  it('of a version before is brought to this one, with what is in it', async () => {
    const database = open();
    await migrate(database, schemaSteps.slice(0, -1));
    await database.run(
      `INSERT INTO deliveries (endpoint, state, place, place_offset, webhook_id, seqs, count, first_seq, last_seq, reason, created_at)
       VALUES (1, 2, 1, 0, 'msg', '1', 1, 1, 1, 'timeout', 0)`,
    );
    await migrate(database, schemaSteps);
    expect(await versionIn(database)).toBe(schemaSteps.length);
    const { rows } = await database.run(
      `SELECT count(*) AS count FROM deliveries WHERE state = 2 AND replayed_as IS NULL AND reason = 'timeout'`,
    );
    expect(rows).toEqual([{ count: 1 }]);
  });
});

describe('a newer schema', () => {
  const raise = async (servesFrom: number) => {
    const database = open();
    await migrate(database, [first]);
    await database.run('UPDATE earshot_schema SET version = 3, serves_from = $1', [servesFrom]);
    return database;
  };

  it('lets a process of the version before run on beside it', async () => {
    const database = await raise(1);
    await migrate(database, [first]);
    expect(await versionIn(database)).toBe(3);
  });

  it('that no longer serves this version is refused with a sentence, and stays as it is', async () => {
    const database = await raise(2);
    await expect(migrate(database, [first])).rejects.toMatchObject({
      kind: 'newer-schema',
      message: expect.stringContaining('Start the newer version') as string,
    });
    expect(await versionIn(database)).toBe(3);
    expect((await database.run('SELECT * FROM one')).rows).toEqual([{ at: 1 }]);
  });
});
