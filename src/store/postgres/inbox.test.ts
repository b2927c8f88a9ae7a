import fc from 'fast-check';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPostgres } from '../../../test/support/postgres-server.js';
import {
  openTemporaryPostgresStore,
  type TemporaryPostgresStore,
} from '../../../test/support/temporary-postgres-store.js';
import { testStart } from '../../../test/support/temporary-store.js';
import type { InboxReader, ReceivedPush } from '../inbox.js';
import { insertLock } from './inbox-writer.js';
import { openPostgresStore } from './open-postgres-store.js';

let temporary: TemporaryPostgresStore;
beforeEach(async () => {
  temporary = await openTemporaryPostgresStore();
});
afterEach(() => temporary.close());

function push(body: string, key?: string): ReceivedPush {
  const received = {
    receivedAt: testStart,
    source: 'default',
    remoteAddress: '::1',
    body: Buffer.from(body),
  };
  return key === undefined ? received : { ...received, key };
}

const keyOf = (number: number) => `0197a0c0-0000-7000-8000-${String(number).padStart(12, '0')}`;

const readBodies = async (reader: InboxReader, after = 0) =>
  (await reader.read(after, 1_000, 1_000_000)).map(({ body }) => Buffer.from(body).toString());

/** An insert as the writer's, that goes on until it is told how to end: a slow disk, a large body. */
interface HeldInsert {
  end(how: 'commit' | 'give up'): Promise<void>;
}

async function holdInsert(body: string): Promise<HeldInsert> {
  const client = new pg.Client({ connectionString: temporary.url });
  await client.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock_shared($1)', [insertLock]);
  await client.query(
    `INSERT INTO pushes (received_at, source, remote_address, body) VALUES ($1, 'default', '::1', $2)`,
    [testStart, Buffer.from(body)],
  );
  return {
    end: async (how) => {
      await client.query(how === 'commit' ? 'COMMIT' : 'ROLLBACK');
      await client.end();
    },
  };
}

describe('an insert that takes its time', () => {
  it('keeps the reader before it, and nobody from inserting', async () => {
    const { store } = temporary;
    const reader = store.inboxReader;
    await store.inbox.append([push('before')]);
    const [before] = await reader.read(0, 10, 1_000);
    const slow = await holdInsert('slow');
    await store.inbox.append([push('after')]);
    expect(await readBodies(reader, before?.id)).toEqual([]);
    await slow.end('commit');
    expect(await readBodies(reader, before?.id)).toEqual(['slow', 'after']);
  });

  it('is passed once it has given up', async () => {
    const { store } = temporary;
    const slow = await holdInsert('slow');
    await store.inbox.append([push('after')]);
    expect(await readBodies(store.inboxReader)).toEqual([]);
    await slow.end('give up');
    expect(await readBodies(store.inboxReader)).toEqual(['after']);
  });

  it('is not waited for by a reader that has others to read', async () => {
    const { store } = temporary;
    await store.inbox.append([push('before')]);
    const slow = await holdInsert('slow');
    await store.inbox.append([push('after')]);
    expect(await readBodies(store.inboxReader)).toEqual([]);
    await slow.end('commit');
    const later = await holdInsert('later');
    expect(await readBodies(store.inboxReader)).toEqual(['before', 'slow', 'after']);
    await later.end('commit');
  });
});

type Step =
  | { readonly kind: 'begin' | 'append' | 'read' }
  | { readonly kind: 'end'; readonly how: 'commit' | 'give up'; readonly which: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Step>({ kind: 'begin' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'append' }) },
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'read' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      how: fc.constantFrom('commit' as const, 'give up' as const),
      which: fc.nat(9),
    }),
  },
);

it('skips nothing and gives nothing twice, whatever commits when', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
      const { store, database } = temporary;
      const reader = temporary.open().inboxReader;
      const [start] = (await database.run('SELECT coalesce(max(id), 0) AS id FROM pushes')).rows;
      const held: { body: string; insert: HeldInsert }[] = [];
      const stored = new Set<string>();
      const seen: string[] = [];
      let cursor = start?.['id'] as number;
      let count = 0;
      const end = async (how: 'commit' | 'give up', which: number): Promise<void> => {
        const [one] = held.splice(which % held.length, 1);
        if (!one) return;
        await one.insert.end(how);
        if (how === 'commit') stored.add(one.body);
      };
      const read = async (): Promise<void> => {
        for (const { id, body } of await reader.read(cursor, 2, 1_000)) {
          seen.push(Buffer.from(body).toString());
          cursor = id;
        }
      };
      for (const step of steps) {
        const body = `push ${++count}`;
        if (step.kind === 'read') await read();
        else if (step.kind === 'append') {
          await store.inbox.append([push(body)]);
          stored.add(body);
        } else if (step.kind === 'end') await end(step.how, step.which);
        else if (held.length < 5) held.push({ body, insert: await holdInsert(body) });
      }
      while (held.length > 0) await end('commit', 0);
      for (let reads = 0; reads < steps.length + 2; reads++) await read();
      expect(seen.toSorted()).toEqual([...stored].toSorted());
    }),
    { numRuns: 40 },
  );
});

describe('a key', () => {
  it('lets a push in once, however often and wherever it is appended', async () => {
    const { store } = temporary;
    const other = temporary.open();
    await store.inbox.append([push('a', keyOf(1)), push('a', keyOf(1)), push('b', keyOf(2)), push('no key')]);
    await other.inbox.append([push('b', keyOf(2)), push('c', keyOf(3)), push('no key')]);
    expect(await readBodies(store.inboxReader)).toEqual(['a', 'b', 'no key', 'c', 'no key']);
  });

  it('does so for groups at the same time that hold the same pushes in other orders', async () => {
    const keys = Array.from({ length: 40 }, (_, index) => index);
    const groups = [keys, keys.toReversed(), keys.slice(20).concat(keys.slice(0, 20))];
    await Promise.all(
      groups.map((group) =>
        temporary.open().inbox.append(group.map((number) => push(String(number), keyOf(number)))),
      ),
    );
    const bodies = await readBodies(temporary.store.inboxReader);
    expect(bodies.map(Number).toSorted((a, b) => a - b)).toEqual(keys);
  });
});

it('counts what waits exactly, and beyond a thousand by the distance', async () => {
  const { store, database } = temporary;
  await store.inbox.append([push('a', keyOf(1))]);
  for (let count = 0; count < 5; count++) await store.inbox.append([push('a', keyOf(1))]);
  await store.inbox.append([push('b')]);
  expect(await store.inboxReader.backlog(0)).toMatchObject({ pending: 2 });
  await database.run(
    `INSERT INTO pushes (received_at, source, remote_address, body) SELECT 1, '', '', '' FROM generate_series(1, 2000)`,
  );
  expect(await store.inboxReader.backlog(0)).toEqual({ pending: 2_007, oldestAt: testStart });
});

it('begins anew, once, where another server answers than before', async () => {
  const server = await startPostgres();
  const store = openPostgresStore({ url: await server.createDatabase(), connections: 2 });
  try {
    await store.prepare();
    await store.inbox.append([push('a')]);
    expect(await readBodies(store.inboxReader)).toEqual(['a']);
    await server.stop();
    await server.start();
    await expect(readBodies(store.inboxReader)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(await readBodies(store.inboxReader)).toEqual(['a']);
  } finally {
    await store.close();
    await server.close();
  }
});
