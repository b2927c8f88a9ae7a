import { randomUUID } from 'node:crypto';
import { openPostgresCopy, type PostgresCopyRoles } from '../../src/store/postgres/open-copy.js';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store.js';
import type { StoreUnderTest } from '../conformance/store-under-test.js';
import { createPreparedDatabase } from '../support/temporary-database.js';

/** A database of one's own, filled by a copy and then opened as a store. */
export interface PostgresCopyUnderTest extends PostgresCopyRoles {
  readonly url: string;
  open(): Promise<StoreUnderTest>;
  drop(): Promise<void>;
}

export async function makePostgresCopy(): Promise<PostgresCopyUnderTest> {
  const { url, drop } = await createPreparedDatabase();
  const roles = await openPostgresCopy(url, randomUUID);
  const open = async (): Promise<StoreUnderTest> => {
    const store = openPostgresStore({ url, connections: 4 });
    await store.prepare();
    return {
      ...store,
      reopen: async () => {
        await store.close();
        return await open();
      },
    };
  };
  return {
    ...roles,
    url,
    open,
    drop: async () => {
      await roles.close();
      await drop();
    },
  };
}
