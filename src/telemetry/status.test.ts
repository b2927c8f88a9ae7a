import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTemporaryStore, type TemporaryStore, testStart } from '../../test/support/temporary-store.js';
import type { Duty, ProcessReport, SharedRoles } from '../store/shared-roles.js';
import { StoreError } from '../store/store-error.js';
import { createStatus, type StatusParts } from './status.js';

let store: TemporaryStore;
beforeEach(() => {
  store = openTemporaryStore();
});
afterEach(() => {
  store.close();
});

const report = (id: string, more: Partial<ProcessReport> = {}): ProcessReport => ({
  ...{ id, host: 'here', pid: 1, roles: ['intake'], version: '0', startedAt: testStart, seenAt: testStart },
  ...more,
});

function partsOf(more: Partial<StatusParts> = {}): StatusParts {
  return {
    ...{ version: '0', instance: 'own', startedAt: testStart },
    store: { ...store, kind: 'embedded' },
    watch: { now: { state: 'reachable', since: testStart }, failed: () => undefined },
    describe: () => Promise.resolve(report('own')),
    space: { read: () => Promise.resolve({ isFull: false }) },
    recentIntake: () => ({ pushesPerMinute: 0, messagesPerMinute: 0, duplicatesPerMinute: 0, ackMs: {} }),
    successRate: () => undefined,
    clock: () => testStart,
    readiness: () => ({ ready: true }),
    ...more,
  };
}

function sharing(processes: readonly ProcessReport[], duties: readonly Duty[]): StatusParts['store'] {
  const shared = {
    processes: { list: () => Promise.resolve([...processes]) },
    duties: { list: () => Promise.resolve([...duties]) },
    toSharedClock: () => () => testStart,
  } as unknown as SharedRoles;
  return { ...store, kind: 'postgres', shared };
}

describe('the status', () => {
  it('has one process on the embedded store, which has every duty', async () => {
    const { processes, store: state } = await createStatus(partsOf())();
    expect(processes).toEqual([
      report('own', { duties: ['sort', 'project', 'clean', 'analyse'] } as Partial<ProcessReport>),
    ]);
    expect(state).toEqual({ kind: 'embedded', state: 'reachable', since: testStart });
  });

  it('has the process that answers before the others, as it is now, and the duties that have not run out', async () => {
    const others = [report('other', { roles: ['api'] }), report('own', { seenAt: 1 })];
    const duties: Duty[] = [
      { name: 'sort', holder: 'other', until: testStart + 1 },
      { name: 'clean', holder: 'other', until: testStart },
    ];
    const { processes } = await createStatus(partsOf({ store: sharing(others, duties) }))();
    expect(processes.map(({ id, seenAt, duties: held }) => [id, seenAt, held])).toEqual([
      ['own', testStart, []],
      ['other', testStart, ['sort']],
    ]);
  });

  it('counts what waits in local inboxes as received', async () => {
    const inbox = { goesTo: 'local', pending: 3, bytes: 10, oldestAt: testStart - 5 } as const;
    const others = [report('other', { inbox })];
    const parts = partsOf({
      store: sharing(others, []),
      describe: () =>
        Promise.resolve(report('own', { inbox: { ...inbox, pending: 4, oldestAt: testStart } })),
    });
    expect((await createStatus(parts)()).inbox).toEqual({ pending: 7, oldestAt: testStart - 5 });
  });

  it('tells what the store knew last while it cannot be reached, and what it is itself as it is now', async () => {
    const states = { reachable: true };
    let own = report('own');
    const parts = partsOf({
      watch: {
        get now() {
          return {
            state: states.reachable ? ('reachable' as const) : ('unreachable' as const),
            since: testStart,
          };
        },
        failed: () => (states.reachable = false),
      },
      describe: () => Promise.resolve(own),
    });
    const status = createStatus(parts);
    const before = await status();
    const lost = new StoreError('unreachable', 'gone');
    const journal = { cursors: () => Promise.reject(lost), lastSeq: () => Promise.resolve(0) };
    Object.assign(parts.store, { journal });
    own = report('own', { seenAt: testStart + 9 });
    const after = await status();
    expect(after.store.state).toBe('unreachable');
    expect(after.recordings).toEqual(before.recordings);
    expect(after.processes[0]?.seenAt).toBe(testStart + 9);
    await expect(createStatus(parts)()).rejects.toBe(lost);
  });

  it('does not tell old figures as those of a store that is back by the time they are told', async () => {
    let state: 'reachable' | 'unreachable' = 'reachable';
    const parts = partsOf({
      watch: {
        get now() {
          return { state, since: testStart };
        },
        failed: () => (state = 'unreachable'),
      },
      space: {
        read: () => {
          state = 'reachable';
          return Promise.resolve({ isFull: false });
        },
      },
    });
    const status = createStatus(parts);
    await status();
    const cursors = () => Promise.reject(new StoreError('unreachable', 'gone'));
    Object.assign(parts.store, { journal: { cursors, lastSeq: () => Promise.resolve(0) } });
    expect((await status()).store.state).toBe('unreachable');
    state = 'unreachable';
    expect((await status()).store.state).toBe('unreachable');
  });

  it('misses nothing that goes from a local inbox to the store while it is asked', async () => {
    const where = { here: 5, there: 0 };
    const inbox = { goesTo: 'local', bytes: 10 } as const;
    const parts = partsOf({
      describe: async () => {
        await setImmediate();
        return report('own', { inbox: { ...inbox, pending: where.here } });
      },
    });
    const inboxReader = {
      backlog: () => {
        const pending = where.there;
        Object.assign(where, { here: 0, there: 5 });
        return Promise.resolve({ pending });
      },
    };
    Object.assign(parts.store, { inboxReader });
    expect((await createStatus(parts)()).inbox.pending).toBe(5);
  });
});
