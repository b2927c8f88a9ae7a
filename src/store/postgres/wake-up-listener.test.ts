import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeMessage, noteOf } from '../../../test/support/make-message.js';
import {
  openTemporaryPostgresStore,
  type TemporaryPostgresStore,
} from '../../../test/support/temporary-postgres-store.js';
import { until } from '../../../test/support/until.js';
import { wakeUps, type WakeUp } from '../shared-roles.js';

let temporary: TemporaryPostgresStore;
beforeEach(async () => {
  temporary = await openTemporaryPostgresStore();
});
afterEach(() => temporary.close());

let notes = 0;
const append = () =>
  temporary.store.journalWriter.append({ messages: [makeMessage(noteOf(`${++notes}`))], quarantined: [] });

/** What is heard by another process, from the moment on when it hears something at all. */
async function listen() {
  const heard: WakeUp[] = [];
  const stop = temporary.open().shared.wakeUps.listen((wakeUp) => heard.push(wakeUp));
  await until(() => heard.length === wakeUps.length, { what: 'listening begins with a look at everything' });
  heard.length = 0;
  return { heard, stop };
}

const listeners = async () =>
  (
    await temporary.database.run(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query ~ '^(LISTEN|SELECT 1$)'`,
    )
  ).rows.map((row) => row['pid'] as number);

it('tells other processes that the journal has more, once for each append that has something new', async () => {
  const { heard } = await listen();
  await append();
  await until(() => heard.length > 0, { what: 'the append is heard of' });
  expect(heard).toEqual(['entries']);
  notes--;
  await append();
  await append();
  await until(() => heard.length > 1, { what: 'the next is heard of' });
  expect(heard).toEqual(['entries', 'entries']);
});

it('listens anew where its connection was ended, and looks at everything then', async () => {
  const { heard } = await listen();
  const [pid] = await listeners();
  await temporary.database.run('SELECT pg_terminate_backend($1)', [pid]);
  await until(() => heard.length >= wakeUps.length, { what: 'it listens again' });
  expect(heard.toSorted()).toEqual([...wakeUps].sort());
  await append();
  await until(() => heard.length > wakeUps.length, { what: 'the append is heard of' });
  expect(heard.at(-1)).toBe('entries');
});

it('tells of sources that were changed, and of jobs that moved on', async () => {
  const { heard } = await listen();
  const { sources, jobs, jobWork } = temporary.store;
  await sources.create({ id: 's1', name: 'branch', token: 't1', now: 1 });
  await sources.rotate('s1', 't2', 2);
  await sources.count([{ name: 'branch', pushes: 1, lastPushAt: 1 }]);
  await sources.remove('s1');
  await sources.remove('s1');
  await jobs.create({ id: 'j1', format: 'csv', request: '', ownerId: 'a', ownerName: '', createdAt: 1 });
  const claimed = await jobWork.claim(1, 2);
  if (claimed) await jobWork.progress(claimed.lease, { done: 1, bytes: 1 }, 3);
  await jobs.cancel('j1', 2);
  await jobs.cancel('j1', 2);
  await until(() => heard.length >= 7, { what: 'all of it is heard of' });
  await append();
  await until(() => heard.includes('entries'), { what: 'what comes behind it is heard of' });
  expect(heard).toEqual([...Array<WakeUp>(3).fill('sources'), ...Array<WakeUp>(4).fill('jobs'), 'entries']);
});

it('leaves nothing behind once nobody listens', async () => {
  const { heard, stop } = await listen();
  expect(await listeners()).toHaveLength(1);
  stop();
  await until(async () => (await listeners()).length === 0, { what: 'the connection is gone' });
  await append();
  expect(heard).toEqual([]);
});
