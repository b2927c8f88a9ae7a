import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditPage, AuditVerdict } from '../../src/contract/audit.js';
import type { ApiKeyList, NewApiKey } from '../../src/contract/keys.js';
import type { OpenSessions, Person, PersonList } from '../../src/contract/session.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';
import { Browser, makeAccount, password, signedIn } from './browser.js';
import { openTestApi, sha256, type TestApi } from './open-test-api.js';

let api: TestApi;
let admin: Browser;
beforeAll(async () => {
  api = await openTestApi();
  admin = await signedIn(api, 'ada', { role: 'administrator' });
});
afterAll(() => api.close());

async function refusalOf(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as { code: string }).code];
}

async function lastRecord() {
  return (await api.store.auditLogReader.list({ limit: 1 })).items[0];
}

describe('people', () => {
  it('are made with a password and a role, and sign in with them', async () => {
    api.clock.now += 1;
    const made = await admin.post('/api/v1/people', {
      ...{ name: 'Grace', displayName: 'Grace H.', role: 'reviewer', mayDownload: true, password },
    });
    expect(made.status).toBe(201);
    const person = (await made.json()) as Person;
    expect(person).toMatchObject({
      ...{ name: 'Grace', displayName: 'Grace H.', role: 'reviewer', mayDownload: true, isDisabled: false },
      rights: ['view', 'listen', 'download', 'review', 'export'],
      signsInBy: ['password'],
    });
    expect(await lastRecord()).toMatchObject({
      actor: { kind: 'account', name: 'ada' },
      action: 'account.created',
      subject: { kind: 'account', id: person.id },
      detail: { name: 'Grace', role: 'reviewer', mayDownload: true },
    });
    expect(JSON.stringify(await lastRecord())).not.toContain(password);
    expect((await new Browser(api.baseUrl).signIn('grace')).status).toBe(200);
    const { items } = await admin.askJson<PersonList>('/api/v1/people');
    expect(items.map(({ name }) => name)).toEqual(['ada', 'Grace']);
    expect(JSON.stringify(items)).not.toContain('argon2');
  });

  it('have names of their own, whatever the case', async () => {
    const again = await admin.post('/api/v1/people', { name: 'ADA', role: 'viewer', password });
    expect(await refusalOf(again)).toEqual([409, 'name-taken']);
  });

  it('are changed in what is named; null gives back what the role has', async () => {
    const { id } = await makeAccount(api, 'changing', { role: 'operator', mayListen: false });
    const path = `/api/v1/people/${id}`;
    const change = { role: 'reviewer', mayListen: null, displayName: 'C.' };
    const changed = (await (await admin.post(path, change, 'PATCH')).json()) as Person;
    expect(changed).toMatchObject({ role: 'reviewer', displayName: 'C.', name: 'changing' });
    expect(changed).not.toHaveProperty('mayListen');
    expect(await lastRecord()).toMatchObject({ action: 'account.changed', detail: change });
    await admin.post(path, { password: 'a new long password' }, 'PATCH');
    expect((await lastRecord())?.detail).toEqual({ password: 'changed' });
    expect((await new Browser(api.baseUrl).signIn('changing', 'a new long password')).status).toBe(200);
    expect(await refusalOf(await admin.post('/api/v1/people/unknown', {}, 'PATCH'))).toEqual([
      404,
      'person-unknown',
    ]);
    expect(await refusalOf(await admin.post(path, { rights: ['operate'] }, 'PATCH'))).toEqual([
      400,
      'body-invalid',
    ]);
  });

  it.each([
    ['1234567890', 'password-common'],
    ['password12', 'password-common'],
    ['Katherine.Johnson', 'password-personal'],
    ['abcdefghijkl', 'password-simple'],
  ])('never get %s for a password', async (guessable, code) => {
    const name = `katherine.johnson@${randomUUID()}.example`;
    const person = { name, role: 'viewer', password: guessable };
    expect(await refusalOf(await admin.post('/api/v1/people', person))).toEqual([400, code]);
    const { id } = await makeAccount(api, name, { role: 'viewer' });
    const change = await admin.post(`/api/v1/people/${id}`, { password: guessable }, 'PATCH');
    expect(await refusalOf(change)).toEqual([400, code]);
    const own = new Browser(api.baseUrl);
    await own.signIn(name);
    const mine = await own.post('/api/v1/session/password', { current: password, password: guessable });
    expect(await refusalOf(mine)).toEqual([400, code]);
  });

  it('never lose their last administrator', async () => {
    const path = '/api/v1/people/account-ada';
    for (const change of [{ role: 'operator' }, { isDisabled: true }]) {
      expect(await refusalOf(await admin.post(path, change, 'PATCH'))).toEqual([409, 'last-administrator']);
    }
    expect(await refusalOf(await admin.post(path, undefined, 'DELETE'))).toEqual([409, 'last-administrator']);
  });

  it('are removed with their sessions; what they did stays told', async () => {
    const gone = await signedIn(api, 'leaver', { role: 'viewer' });
    expect((await admin.post('/api/v1/people/account-leaver', undefined, 'DELETE')).status).toBe(204);
    expect((await gone.ask('/api/v1/calls')).status).toBe(401);
    const { items } = await api.store.auditLogReader.list({ actorId: 'account-leaver', limit: 9 });
    expect(items.map(({ action }) => action)).toEqual(['session.opened']);
  });

  it('are signed in where an administrator sees it, and ends it', async () => {
    const first = await signedIn(api, 'somebody', { role: 'viewer' });
    const second = new Browser(api.baseUrl, { 'user-agent': 'Firefox on a boat' });
    await second.signIn('somebody');
    const path = '/api/v1/people/account-somebody/sessions';
    const { items } = await admin.askJson<OpenSessions>(path);
    expect(items).toHaveLength(2);
    expect(items).not.toContainEqual(expect.objectContaining({ isThis: true }));
    const [boat] = items.filter(({ userAgent }) => userAgent === 'Firefox on a boat');
    expect((await admin.post(`${path}/${boat?.id}`, undefined, 'DELETE')).status).toBe(204);
    expect(await lastRecord()).toMatchObject({
      ...{ action: 'session.closed', actor: { name: 'ada' }, detail: { sessions: 1 } },
      subject: { kind: 'account', id: 'account-somebody' },
    });
    expect((await second.ask('/api/v1/calls')).status).toBe(401);
    expect((await first.ask('/api/v1/calls')).status).toBe(200);
    // Not by way of another account, nor twice.
    const own = (await admin.askJson<OpenSessions>('/api/v1/sessions')).items[0];
    for (const id of [boat?.id, own?.id, 'x', '__proto__']) {
      const refused = await admin.post(`${path}/${id}`, undefined, 'DELETE');
      expect(await refusalOf(refused)).toEqual([404, 'session-unknown']);
    }
    expect((await admin.post(path, undefined, 'DELETE')).status).toBe(204);
    expect((await first.ask('/api/v1/calls')).status).toBe(401);
    expect((await admin.askJson<OpenSessions>(path)).items).toEqual([]);
    const mine = await admin.askJson<OpenSessions>('/api/v1/people/account-ada/sessions');
    expect(mine.items).toContainEqual(expect.objectContaining({ isThis: true }));
    const nobody = '/api/v1/people/nobody/sessions';
    expect(await refusalOf(await admin.ask(nobody))).toEqual([404, 'person-unknown']);
    expect(await refusalOf(await admin.post(`${nobody}/x`, undefined, 'DELETE'))).toEqual([
      404,
      'person-unknown',
    ]);
  });

  it.each([
    ['GET', '/api/v1/people/account-ada/sessions'],
    ['DELETE', '/api/v1/people/account-ada/sessions/x'],
    ['GET', '/api/v1/people'],
    ['POST', '/api/v1/people'],
    ['PATCH', '/api/v1/people/account-ada'],
    ['DELETE', '/api/v1/people/account-ada'],
    ['GET', '/api/v1/keys'],
    ['POST', '/api/v1/keys'],
    ['DELETE', '/api/v1/keys/k1'],
    ['GET', '/api/v1/audit'],
    ['POST', '/api/v1/audit/verify'],
  ])('who are no administrators may not %s %s', async (method, path) => {
    const name = `operator ${method} ${path}`;
    const operator = await signedIn(api, name, { role: 'operator' });
    expect(await refusalOf(await operator.post(path, undefined, method))).toEqual([403, 'right-missing']);
  });
});

describe('API keys', () => {
  const make = async (as: Pick<Browser, 'post'>, body: object = {}) => {
    const made = await as.post('/api/v1/keys', { name: 'k', scopes: ['view', 'administer'], ...body });
    return (await made.json()) as NewApiKey;
  };
  const askWith = (key: string, path = '/api/v1/calls', init: RequestInit = {}) =>
    fetch(api.baseUrl + path, { ...init, headers: { authorization: `Bearer ${key}` } });
  const listed = async (id: string) =>
    (await admin.askJson<ApiKeyList>('/api/v1/keys')).items.find((key) => key.id === id);

  it('expire to the moment, and say so', async () => {
    const made = await make(admin, { expiresInDays: 0.5 });
    expect(made).toMatchObject({ state: 'valid', owner: { kind: 'account', name: 'ada' } });
    api.clock.now += 12 * 3_600_000 - 1;
    expect((await askWith(made.key)).status).toBe(200);
    api.clock.now += 1;
    const refused = await askWith(made.key);
    expect(refused.headers.get('www-authenticate')).toContain('Bearer');
    expect(await refusalOf(refused)).toEqual([401, 'key-expired']);
    admin = await signedIn(api, 'ada again', { role: 'administrator' });
    expect(await listed(made.id)).toMatchObject({ state: 'expired' });
    for (const expiresInDays of [0, -1, 4_000, 'soon']) {
      const odd = await admin.post('/api/v1/keys', { name: 'odd', scopes: ['view'], expiresInDays });
      expect((await refusalOf(odd))[0]).toBe(400);
    }
  });

  it('end with the account of whoever made them, and so do those that they made', async () => {
    const leaver = await signedIn(api, 'leaver', { role: 'administrator' });
    const own = await make(leaver);
    const body = JSON.stringify({ name: 'second', scopes: ['view'] });
    const second = (await (
      await askWith(own.key, '/api/v1/keys', { method: 'POST', body })
    ).json()) as NewApiKey;
    expect(second.owner).toEqual(own.owner);
    for (const { key } of [own, second]) expect((await askWith(key)).status).toBe(200);
    const id = own.owner?.id ?? '';
    await admin.post(`/api/v1/people/${id}`, { isDisabled: true }, 'PATCH');
    // A key is trusted for five seconds.
    api.clock.now += 5_000;
    expect(await refusalOf(await askWith(own.key))).toEqual([401, 'key-orphaned']);
    await admin.post(`/api/v1/people/${id}`, { isDisabled: false }, 'PATCH');
    expect((await askWith(own.key)).status).toBe(200);
    await admin.post(`/api/v1/people/${id}`, undefined, 'DELETE');
    api.clock.now += 5_000;
    for (const { key } of [own, second])
      expect(await refusalOf(await askWith(key))).toEqual([401, 'key-orphaned']);
    expect(await listed(second.id)).toMatchObject({ state: 'orphaned', owner: { name: 'leaver' } });
  });

  it('are shown once, kept as their hash, and do what their scopes say', async () => {
    const made = (await (
      await admin.post('/api/v1/keys', { name: 'reader', scopes: ['view', 'download'] })
    ).json()) as NewApiKey;
    expect(await lastRecord()).toMatchObject({
      ...{ action: 'key.created', subject: { kind: 'key', id: made.id } },
      detail: { name: 'reader', scopes: ['view', 'download'] },
    });
    expect(JSON.stringify(await lastRecord())).not.toContain(made.key);
    const use = (path: string) =>
      fetch(api.baseUrl + path, { headers: { authorization: `Bearer ${made.key}` } });
    expect((await use('/api/v1/messages')).status).toBe(200);
    expect((await use('/api/v1/quarantine')).status).toBe(403);
    const { items } = await admin.askJson<ApiKeyList>('/api/v1/keys');
    expect(items.find(({ id }) => id === made.id)).toMatchObject({
      ...{ name: 'reader', scopes: ['view', 'download'] },
    });
    expect(JSON.stringify(items)).not.toContain(made.key);
    expect(JSON.stringify(items)).not.toContain(sha256(made.key));
    expect((await admin.post(`/api/v1/keys/${made.id}`, undefined, 'DELETE')).status).toBe(204);
    api.clock.now += 6_000;
    expect((await use('/api/v1/messages')).status).toBe(401);
  });

  it('have at least one scope, and none that there is not', async () => {
    for (const scopes of [[], ['everything'], ['view', 'view']]) {
      const refused = await admin.post('/api/v1/keys', { name: 'odd', scopes });
      expect(await refusalOf(refused)).toEqual([400, 'body-invalid']);
    }
  });

  it('have no session and no password', async () => {
    for (const path of ['/api/v1/sessions', '/api/v1/session/password']) {
      const method = path.endsWith('password') ? 'POST' : 'GET';
      expect(await refusalOf(await api.ask(path, { method }))).toEqual([403, 'account-required']);
    }
  });
});

describe('the audit log over HTTP', () => {
  it('is listed newest first, in pages, by who, what, which and when', async () => {
    const all = await admin.askJson<AuditPage>('/api/v1/audit?limit=500');
    const seqs = all.items.map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => b - a));
    const paged: number[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: AuditPage = await admin.askJson(`/api/v1/audit?limit=3${query}`);
      paged.push(...page.items.map(({ seq }) => seq));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual(seqs);
    const byAction = await admin.askJson<AuditPage>('/api/v1/audit?action=key.created&actorId=account-ada');
    expect(byAction.items.map(({ action }) => action)).toEqual(['key.created']);
    const bySubject = await admin.askJson<AuditPage>(
      '/api/v1/audit?subjectKind=account&subjectId=account-changing&to=2099-01-01T00:00:00Z',
    );
    expect(bySubject.items.map(({ action }) => action)).toEqual([
      'session.opened',
      'account.changed',
      'account.changed',
    ]);
    expect((await admin.ask('/api/v1/audit?from=yesterday')).status).toBe(400);
    expect((await admin.ask('/api/v1/audit?cursor=x')).status).toBe(400);
  });

  it('is a chain of hashes that holds from the first record to the last', async () => {
    const before = await admin.askJson<AuditPage>('/api/v1/audit?limit=1');
    const verdict = await admin.askJson<AuditVerdict>('/api/v1/audit/verify', { method: 'POST' });
    expect(verdict).toEqual({
      isIntact: true,
      records: before.items[0]?.seq,
      lastHash: before.items[0]?.hash,
    });
    expect(await lastRecord()).toMatchObject({ action: 'audit.verified', detail: { isIntact: true } });
  });

  it('can be checked outside, with the lines of docs/audit.md', async () => {
    const page = await readFile(new URL('../../docs/audit.md', import.meta.url), 'utf8');
    const program = /```python\n([^]*?)```/.exec(page)?.[1] ?? '';
    const folder = makeTemporaryFolder();
    const files: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const answer: AuditPage = await admin.askJson(`/api/v1/audit?limit=20${query}`);
      files.push(join(folder, `${files.length}.json`));
      await writeFile(files.at(-1) ?? '', JSON.stringify(answer));
      cursor = answer.nextCursor;
    }
    const check = () => promisify(execFile)('python3', ['-c', program, ...files]);
    expect((await check()).stdout).toMatch(/^\d+ records hold/);
    const [first = ''] = files;
    await writeFile(first, (await readFile(first, 'utf8')).replace('"ada"', '"eve"'));
    await expect(check()).rejects.toThrow('AssertionError');
  });

  it('shows where somebody has changed it', async () => {
    const { read } = api.store.auditLogReader;
    api.store.auditLogReader.read = async (after, limit) =>
      (await read(after, limit)).map((record) =>
        record.seq === 3 ? { ...record, actor: { ...record.actor, name: 'somebody else' } } : record,
      );
    try {
      const verdict = await admin.askJson<AuditVerdict>('/api/v1/audit/verify', { method: 'POST' });
      expect(verdict).toMatchObject({ isIntact: false, records: 2, brokenAt: 3 });
    } finally {
      api.store.auditLogReader.read = read;
    }
  });
});
