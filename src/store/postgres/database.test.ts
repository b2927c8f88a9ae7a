import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDatabase, type TemporaryDatabase } from '../../../test/support/temporary-database.js';
import { until } from '../../../test/support/until.js';
import { Database } from './database.js';

let temporary: TemporaryDatabase;
let database: Database;

beforeEach(async () => {
  temporary = await createDatabase();
  database = new Database({ url: temporary.url, connections: 3 });
  await database.script('CREATE TABLE notes (id bigint PRIMARY KEY, text text)');
});
afterEach(async () => {
  await database.close();
  await temporary.drop();
});

const countNotes = async () => (await database.run('SELECT count(*) AS n FROM notes')).rows[0]?.['n'];

describe('a transaction', () => {
  it('is there as a whole, and integers are numbers', async () => {
    const changes = await database.transaction(async ({ run }) => {
      await run('INSERT INTO notes VALUES ($1, $2)', [2 ** 52, 'a']);
      return (await run('INSERT INTO notes VALUES ($1, $2), (2, NULL)', [1, 'b'])).changes;
    });
    expect(changes).toBe(2);
    expect((await database.run('SELECT * FROM notes ORDER BY id DESC LIMIT 1')).rows).toEqual([
      { id: 2 ** 52, text: 'a' },
    ]);
  });

  it('leaves nothing when its work throws, and the error passes through', async () => {
    const failing = database.transaction(async ({ run }) => {
      await run('INSERT INTO notes VALUES (1, NULL)');
      throw new RangeError('ours');
    });
    await expect(failing).rejects.toThrow(RangeError);
    expect(await countNotes()).toBe(0);
  });

  it('leaves nothing when a statement fails, and the connection goes on', async () => {
    const failing = database.transaction(async ({ run }) => {
      await run('INSERT INTO notes VALUES (1, NULL)');
      await run('INSERT INTO notes VALUES (1, NULL)');
    });
    await expect(failing).rejects.toMatchObject({ name: 'StoreError', kind: 'other' });
    expect(await countNotes()).toBe(0);
  });

  it('is repeated where two wait for each other', async () => {
    await database.run("INSERT INTO notes VALUES (1, ''), (2, '')");
    let runs = 0;
    const both = new Set<number>();
    const change = (first: number, second: number) =>
      database.transaction(async ({ run }) => {
        runs++;
        await run("UPDATE notes SET text = text || 'x' WHERE id = $1", [first]);
        both.add(first);
        await until(() => both.size === 2, { what: 'each holds one row' });
        await run("UPDATE notes SET text = text || 'x' WHERE id = $1", [second]);
      });
    await Promise.all([change(1, 2), change(2, 1)]);
    expect(runs).toBe(3);
    expect((await database.run('SELECT text FROM notes')).rows).toEqual([{ text: 'xx' }, { text: 'xx' }]);
  });
});

describe('values', () => {
  it('come back as they went in: text of any kind, bytes, numbers past 32 bits, alone and in arrays', async () => {
    const { rows } = await database.run(
      'SELECT $1::text AS text, ($2::text[])[1] AS one, $3::bytea AS bytes, $4::bigint[] AS numbers, $5::bigint AS none',
      ['a\0\ud800\ufffe', ['"\\\0'], new Uint8Array([9, 0, 255]).subarray(1), [1, 2 ** 52], null],
    );
    expect(rows).toEqual([
      {
        text: 'a\0\ud800\ufffe',
        one: '"\\\0',
        bytes: Buffer.from([0, 255]),
        numbers: [1, 2 ** 52],
        none: null,
      },
    ]);
  });
});

describe('what does not come in time', () => {
  it('is unreachable, and the next one is served', async () => {
    await expect(database.run('SELECT pg_sleep(60)', [], 50)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await countNotes()).toBe(0);
  });

  it('is unreachable where nobody listens', async () => {
    const nobody = new Database({ url: 'postgres://earshot@127.0.0.1:1/none', connections: 1 });
    await expect(nobody.run('SELECT 1')).rejects.toMatchObject({ kind: 'unreachable' });
    await nobody.close();
  });
});
