import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newAccount } from '../../../test/conformance/people.js';
import { makeTemporaryFolder } from '../../../test/support/temporary-folder.js';
import { openTemporaryStore, testStart } from '../../../test/support/temporary-store.js';
import { rights } from '../../domain/rights.js';
import { Connection, migrate } from './connection.js';
import { openDirectly } from './open-directly.js';
import { openSqliteStore } from './open-sqlite-store.js';
import { sqliteFilesIn } from './sqlite-files.js';
import { storeSteps } from './store-schema.js';
import { openThreadRoles } from './thread-roles.js';

const options = { busyTimeoutMs: 1_000, cacheKiB: 1_024 };
const seen = { at: testStart, actor: { kind: 'nobody', id: '', name: '' }, action: 'call.viewed' } as const;

describe('the file of the audit log', () => {
  it('refuses to change, delete or replace a record, whoever asks', async () => {
    const store = openTemporaryStore();
    const connection = new Connection(store.files.store, options);
    onTestFinished(() => {
      connection.close();
      store.close();
    });
    const [record] = await store.auditLog.append([seen]);
    for (const sql of [
      `UPDATE audit_log SET actor_name = 'Bob'`,
      'UPDATE audit_log SET seq = 5',
      'DELETE FROM audit_log',
      `INSERT OR REPLACE INTO audit_log SELECT seq, at, 'key', actor_id, actor_name, action, subject_kind, subject_id,
         detail, address, previous_hash, hash FROM audit_log`,
    ])
      expect(() => {
        connection.exec(sql);
      }, sql).toThrow(/append-only/);
    expect(await store.auditLogReader.read(0, 10)).toEqual([record]);
  });
});

describe('a store that was made before there were people', () => {
  it('is brought up, and its keys may do everything', async () => {
    const files = sqliteFilesIn(makeTemporaryFolder());
    const before = new Connection(files.store, options);
    migrate(before, 'store', storeSteps().slice(0, 2));
    before.exec(`INSERT INTO api_keys VALUES ('k1', 'reader', 'ab', 5)`);
    before.close();
    const store = openDirectly(files, () => testStart);
    onTestFinished(() => {
      store.close();
    });
    expect(await store.apiKeys.findByHash('ab')).toEqual({
      ...{ id: 'k1', name: 'reader', hash: 'ab', createdAt: 5, scopes: rights },
    });
    expect(await store.setup.isNeeded()).toBe(true);
  });
});

describe('a store that was made before sessions were proven, and before second factors', () => {
  it('counts sessions from when they were opened', async () => {
    const files = sqliteFilesIn(makeTemporaryFolder());
    const before = new Connection(files.store, options);
    migrate(before, 'store', storeSteps().slice(0, 8));
    before.exec(`
      INSERT INTO accounts (id, name, name_key, role, is_disabled, created_at) VALUES ('a', 'a', 'a', 'viewer', 0, 1);
      INSERT INTO sessions VALUES ('h', 'a', ${testStart - 7}, ${testStart}, ${testStart + 9}, '::1', NULL);
    `);
    before.close();
    const store = openDirectly(files, () => testStart);
    onTestFinished(() => {
      store.close();
    });
    expect((await store.sessions.find('h', testStart))?.session).toMatchObject({ provenAt: testStart - 7 });
    expect(await store.accounts.get('a')).toMatchObject({ hasSecondFactor: false });
  });
});

describe('a store that was made before `deleted` was a state of its own', () => {
  it('tells what was deleted from what was lost', async () => {
    const files = sqliteFilesIn(makeTemporaryFolder());
    const before = new Connection(files.store, options);
    migrate(before, 'store', storeSteps().slice(0, 5));
    before.exec(`
      INSERT INTO calls (id, call_id, times_rank, flags, first_received_at, last_received_at, sort_at, recording_states)
        VALUES (1, '1', 0, 0, 1, 1, 1, 4), (2, '2', 0, 0, 2, 2, 2, 4);
      INSERT INTO recordings (id, call, call_id, host, path, link, link_seq, state, deadline_at, reason)
        VALUES (1, 1, '1', 'h', '/1', 'l', 1, 2, 9, 'deleted'), (2, 2, '2', 'h', '/2', 'l', 2, 2, 9, 'expired');
      UPDATE recording_counts SET count = 2 WHERE state = 2;
    `);
    before.close();
    const store = openDirectly(files, () => testStart);
    onTestFinished(() => {
      store.close();
    });
    expect(await store.recordings.counts()).toMatchObject({ lost: 1, deleted: 1 });
    const { items } = await store.calls.search({ state: 'deleted', limit: 5 });
    expect(items.map(({ callId }) => callId)).toEqual(['1']);
    expect((await store.calls.search({ state: 'lost', limit: 5 })).items).toHaveLength(1);
  });
});

describe('people and their work in the threads of the store', () => {
  it('are read and written across threads, whole and unharmed', async () => {
    const folder = makeTemporaryFolder();
    const store = await openSqliteStore(folder, () => undefined);
    onTestFinished(() => store.close());
    await store.ready;
    expect(existsSync(join(folder, 'store.db'))).toBe(true);
    const roles = openThreadRoles(store.ports());
    const created = await store.accounts.create(newAccount('a', { displayName: '芳 \u0000' }));
    expect(await roles.accounts.get('id-a')).toEqual(created);
    // Told apart from what is absent, which stays.
    expect(await store.accounts.change('id-a', { displayName: undefined })).not.toHaveProperty('displayName');
    const peaks = Buffer.alloc(100_000, 7).subarray(5, 8);
    const waveform = { seconds: 1, channels: [{ peaks, speech: [[0, 1]] as const }] };
    await roles.waveformsWriter.keep([{ recordingId: 'r1', waveform }], 5);
    expect(await store.waveforms.get('r1')).toEqual({
      recordingId: 'r1',
      waveform: { seconds: 1, channels: [{ peaks: Uint8Array.from([7, 7, 7]), speech: [[0, 1]] }] },
    });
    expect(await roles.waveforms.cursor()).toBe(5);
    roles.close();
    expect(await store.auditLog.append([seen])).toMatchObject([{ seq: 1 }]);
  });
});
