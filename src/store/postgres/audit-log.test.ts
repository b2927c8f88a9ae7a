import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPreparedDatabase, type TemporaryDatabase } from '../../../test/support/temporary-database.js';
import { testStart } from '../../../test/support/temporary-store.js';
import { chainStart, findBreak } from '../audit-chain.js';
import { Database } from './database.js';
import { openPostgresStore, type PostgresStore } from './open-postgres-store.js';

const seen = { at: testStart, actor: { kind: 'nobody', id: '', name: '' }, action: 'call.viewed' } as const;

let temporary: TemporaryDatabase;
let stores: PostgresStore[];

beforeAll(async () => {
  temporary = await createPreparedDatabase();
  stores = [1, 2, 3].map(() => openPostgresStore({ url: temporary.url, connections: 4 }));
  await stores[0]?.prepare();
});
afterAll(async () => {
  for (const store of stores) await store.close();
  await temporary.drop();
});

describe('the audit log of several processes', () => {
  it('is one chain, however many of them append over however many connections', async () => {
    const appends = stores.flatMap((store) =>
      Array.from({ length: 40 }, (_, index) =>
        store.auditLog.append([seen, { ...seen, at: testStart + index }]),
      ),
    );
    const told = (await Promise.all(appends)).flat();
    const kept = (await stores[0]?.auditLogReader.read(0, 1_000)) ?? [];
    expect(kept).toHaveLength(240);
    expect(findBreak({ seq: 0, hash: chainStart }, kept)).toBeUndefined();
    expect(told.sort((a, b) => a.seq - b.seq)).toEqual(kept);
  });

  it('refuses to be changed, shortened or emptied, whoever asks', async () => {
    const database = new Database({ url: temporary.url, connections: 1 });
    try {
      const count = async () =>
        (await database.run('SELECT count(*) AS count FROM audit_log')).rows[0]?.['count'];
      await stores[0]?.auditLog.append([seen]);
      const before = await count();
      for (const sql of [
        `UPDATE audit_log SET actor_name = 'Bob' WHERE seq = 1`,
        'DELETE FROM audit_log WHERE seq = 1',
        'TRUNCATE audit_log',
        `INSERT INTO audit_log SELECT * FROM audit_log ON CONFLICT (seq) DO UPDATE SET actor_name = 'Bob'`,
      ])
        await expect(database.run(sql), sql).rejects.toThrow(/append-only/);
      expect(await count()).toBe(before);
    } finally {
      await database.close();
    }
  });
});
