import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openHeldPlace, type HeldPlace } from '../../test/support/held-place.js';
import type { ReceivedPush } from '../store/inbox.js';
import { StoreError } from '../store/store-error.js';
import { SpoolingInbox, type InboxMode, type InboxTurn } from './spooling-inbox.js';

const start = Date.UTC(2025, 4, 22);
let inboxes: SpoolingInbox[];

beforeEach(() => {
  vi.useFakeTimers({ now: start });
  inboxes = [];
});
afterEach(() => {
  for (const inbox of inboxes) inbox.close();
  vi.useRealTimers();
});

function open(mode: InboxMode = 'both') {
  const database = openHeldPlace();
  const local = openHeldPlace();
  const turns: InboxTurn[] = [];
  let keys = 0;
  const inbox = new SpoolingInbox({
    mode,
    database,
    ...(mode === 'store' ? {} : { spool: local }),
    newKey: () => `key-${++keys}`,
    clock: () => Date.now(),
    onTurn: (turn) => turns.push(turn),
  });
  inboxes.push(inbox);
  const send = (...bodies: (string | Buffer)[]) => {
    const outcome = { is: 'waiting' as 'waiting' | 'stored' | Error, atMs: 0 };
    const sentAt = Date.now();
    const settle = (is: 'stored' | Error) => Object.assign(outcome, { is, atMs: Date.now() - sentAt });
    inbox.append(bodies.map(toPush)).then(
      () => settle('stored'),
      (error: unknown) => settle(error as Error),
    );
    return outcome;
  };
  return { database, local, inbox, turns, send };
}

const toPush = (body: string | Buffer): ReceivedPush => ({
  receivedAt: start,
  source: 'default',
  remoteAddress: '::1',
  body: Buffer.from(body),
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const gone = new StoreError('unreachable', 'nobody there');
const full = new StoreError('full', 'no room');
const bodiesIn = (place: HeldPlace) =>
  place.groups.map((group) => group.map(({ body }) => body.toString()).join());

describe('with the database first', () => {
  it('leaves the local inbox alone while the database is well', async () => {
    const { database, local, inbox, turns, send } = open();
    const sent = send('a', 'b');
    await pass(200);
    expect(sent.is).toBe('waiting');
    database.answer();
    await pass(0);
    expect(sent).toEqual({ is: 'stored', atMs: 200 });
    expect(bodiesIn(local)).toEqual([]);
    expect(turns).toEqual([]);
    expect(await inbox.state()).toEqual({ goesTo: 'database', since: start, pending: 0, bytes: 0 });
  });

  it('puts what the database refuses into the local inbox at once, under the same keys, and says so', async () => {
    const { database, local, inbox, turns, send } = open();
    const sent = send('a', 'b');
    database.answer(gone);
    await pass(0);
    local.answer();
    await pass(0);
    expect(sent).toEqual({ is: 'stored', atMs: 0 });
    expect(local.groups[0]?.map(({ key }) => key)).toEqual(['key-1', 'key-2']);
    expect(local.groups).toEqual(database.groups);
    expect(turns).toEqual([{ goesTo: 'local', error: gone }]);
    expect(await inbox.state()).toMatchObject({ goesTo: 'local', since: start, pending: 2 });
  });

  it('waits 250 ms for the database, and for no group that comes later', async () => {
    const { local, turns, send } = open();
    const first = send('a');
    await pass(251);
    local.answer();
    const second = send('b');
    await pass(0);
    local.answer();
    await pass(0);
    expect(first).toEqual({ is: 'stored', atMs: 251 });
    expect(second).toEqual({ is: 'stored', atMs: 0 });
    expect(turns).toMatchObject([{ goesTo: 'local', error: { kind: 'unreachable' } }]);
  });

  it('acknowledges by a late answer of the database, where it comes before that of the local inbox', async () => {
    const { database, local, inbox, send } = open();
    const sent = send('a');
    await pass(260);
    database.answer();
    await pass(0);
    expect(sent).toEqual({ is: 'stored', atMs: 260 });
    local.answer(full);
    await pass(0);
    expect(inbox.goesTo).toBe('local');
  });

  it('refuses a group that neither has, in the words of both', async () => {
    const { database, local, send } = open();
    const sent = send('a');
    database.answer(gone);
    await pass(0);
    local.answer(full);
    await pass(0);
    expect(sent.is).toMatchObject({ kind: 'full', message: 'nobody there; and no room' });
  });

  it('gives a push that is heavy for any database to the local inbox, and turns nothing', async () => {
    const { database, local, turns, send } = open();
    const sent = send(Buffer.alloc(9 * 1024 * 1024));
    await pass(0);
    local.answer();
    await pass(0);
    expect(sent.is).toBe('stored');
    expect(database.groups).toEqual([]);
    expect(turns).toEqual([]);
  });
});

describe('away from the database', () => {
  async function openAway() {
    const opened = open();
    opened.send('a');
    opened.database.answer(gone);
    await pass(0);
    opened.local.answer();
    await pass(0);
    return opened;
  }

  it('asks it nothing but a probe a second, and comes back when one is answered in half the budget', async () => {
    const { database, local, turns, send, inbox } = await openAway();
    local.answersAtOnce = true;
    for (let second = 1; second <= 3; second++) {
      send(`${second}`);
      await pass(999);
      expect(database.probes).toBe(second - 1);
      await pass(1);
      expect(database.probes).toBe(second);
      database.answerProbe(gone);
      await pass(0);
    }
    expect(database.groups).toHaveLength(1);
    await pass(1_000);
    database.answerProbe();
    await pass(0);
    expect(turns.map(({ goesTo }) => goesTo)).toEqual(['local', 'database']);
    expect(inbox.goesTo).toBe('database');
    send('fresh');
    expect(bodiesIn(database)).toEqual(['a', 'fresh']);
  });

  it('does not come back by a probe that took too long, and forgets one that is never answered', async () => {
    const { database, turns } = await openAway();
    await pass(1_000);
    await pass(126);
    database.answerProbe();
    await pass(0);
    expect(turns).toHaveLength(1);
    await pass(5_000);
    expect(database.probes).toBeGreaterThan(4);
    database.answerProbe();
    database.answerProbe();
    await pass(0);
    expect(turns).toHaveLength(1);
  });

  it('asks the database after all where the local inbox takes no more', async () => {
    const { database, local, send, turns } = await openAway();
    const sent = send('b');
    local.answer(full);
    await pass(0);
    database.answer();
    await pass(0);
    expect(sent.is).toBe('stored');
    expect(turns).toHaveLength(1);
  });

  it('does not hear what an attempt from before says when pushes have come back', async () => {
    const { database, local, send, turns } = open();
    local.answersAtOnce = true;
    send('first');
    send('second');
    database.answer(gone);
    await pass(1_000);
    database.answerProbe();
    await pass(0);
    expect(turns.map(({ goesTo }) => goesTo)).toEqual(['local', 'database']);
    database.answer(gone);
    await pass(0);
    expect(turns).toHaveLength(2);
  });

  it('asks nothing any more once it is closed', async () => {
    const { database, inbox } = await openAway();
    inbox.close();
    await pass(10_000);
    expect(database.probes).toBe(0);
  });
});

describe('a probe of both', () => {
  it('is well where either is, and notices that the first is not', async () => {
    const { database, local, inbox, turns } = open();
    const probed = inbox.probe();
    database.answerProbe(gone);
    await pass(0);
    local.answerProbe();
    await expect(probed).resolves.toBeUndefined();
    expect(turns).toMatchObject([{ goesTo: 'local' }]);
  });

  it('is not well where neither is', async () => {
    const { database, local, inbox } = open();
    const probed = expect(inbox.probe()).rejects.toThrow('nobody there; and no room');
    database.answerProbe(gone);
    await pass(0);
    local.answerProbe(full);
    await probed;
  });
});

it('goes by the database alone where the mode says so', async () => {
  const { database, inbox, turns, send } = open('store');
  const sent = send('a');
  await pass(400);
  expect(sent.is).toBe('waiting');
  database.answer(gone);
  await pass(0);
  expect(sent.is).toBe(gone);
  expect(turns).toEqual([]);
  expect(await inbox.state()).toMatchObject({ goesTo: 'database', pending: 0 });
});

it('goes to the local inbox first where the mode says so, and to the database while that is full', async () => {
  const { database, local, inbox, turns, send } = open('local');
  const first = send('a');
  local.answer();
  await pass(0);
  const second = send('b');
  local.answer(full);
  await pass(0);
  database.answer();
  await pass(0);
  expect([first.is, second.is]).toEqual(['stored', 'stored']);
  expect(bodiesIn(database)).toEqual(['b']);
  expect(inbox.goesTo).toBe('database');
  await pass(1_000);
  local.answerProbe();
  await pass(0);
  expect(turns).toEqual([{ goesTo: 'database', error: full }, { goesTo: 'local' }]);
});
