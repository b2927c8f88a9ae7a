import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeMessage, noteOf } from '../../../test/support/make-message.js';
import { hasPgBouncer, startPgBouncer, type PgBouncer } from '../../../test/support/pgbouncer.js';
import { createDatabase, type TemporaryDatabase } from '../../../test/support/temporary-database.js';
import { testStart } from '../../../test/support/temporary-store.js';
import { openPostgresStore, type PostgresStore } from './open-postgres-store.js';

let temporary: TemporaryDatabase;
let pooler: PgBouncer;
let stores: PostgresStore[];

describe.skipIf(!hasPgBouncer)('behind PgBouncer in transaction mode (apt-get install pgbouncer)', () => {
  beforeEach(async () => {
    temporary = await createDatabase();
    pooler = await startPgBouncer(temporary.url, 2);
    // Eight connections of ours share two sessions: what was prepared or set in one is seldom there the next time.
    stores = [1, 2].map(() => openPostgresStore({ url: pooler.url, connections: 4 }));
    await Promise.all(stores.map((store) => store.prepare()));
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    await pooler.close();
    await temporary.drop();
  });

  it('takes pushes and messages of many at a time, each once, and reads them in order', async () => {
    const bodies = Array.from({ length: 60 }, (_, index) => `push ${index}`);
    await Promise.all(
      bodies.map(async (body, index) => {
        const push = { receivedAt: testStart, source: 'default', remoteAddress: '', body: Buffer.from(body) };
        const store = stores[index % 2];
        await store?.inbox.append([push]);
        await store?.journalWriter.append({
          messages: [makeMessage(noteOf(`${index % 40}`))],
          quarantined: [],
        });
      }),
    );
    for (const { inboxReader, journal } of stores) {
      const pushes = await inboxReader.read(0, 100, 1_000_000);
      expect(pushes.map(({ body }) => Buffer.from(body).toString()).toSorted()).toEqual(bodies.toSorted());
      const entries = await journal.read(0, 100);
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_entry, index) => index + 1));
      expect(new Set(entries.map(({ callId }) => callId)).size).toBe(40);
      expect(entries).toHaveLength(40);
    }
  });

  it('undoes what fails in the middle, and goes on', async () => {
    const [store] = stores;
    const broken = { ...makeMessage(noteOf('2')), digest: new Uint8Array(3) };
    for (let count = 0; count < 5; count++) {
      const messages = [makeMessage(noteOf('1')), broken];
      await expect(store?.journalWriter.append({ messages, quarantined: [] })).rejects.toThrow();
    }
    expect(await store?.journal.lastSeq()).toBe(0);
    await store?.journalWriter.append({ messages: [makeMessage(noteOf('1'))], quarantined: [] });
    expect(await store?.journal.lastSeq()).toBe(1);
  });
});
