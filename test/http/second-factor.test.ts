import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NewSecondFactor, RecoveryCodes, SecondFactorState } from '../../src/contract/second-factor.js';
import type { Person, SessionState } from '../../src/contract/session.js';
import { Browser, makeAccount, password, signedIn } from './browser.js';
import { openTestApi, sha256, type TestApi } from './open-test-api.js';

const path = '/api/v1/session/second-factor';
const stepMs = 30_000;

let api: TestApi;
let admin: Browser;
beforeAll(async () => {
  api = await openTestApi();
  admin = await signedIn(api, 'admin', { role: 'administrator' });
});
afterAll(() => api.close());

async function refusalOf(response: Response): Promise<[number, string | undefined]> {
  return [response.status, response.ok ? undefined : ((await response.json()) as { code: string }).code];
}

/** What an authenticator app shows. */
function codeOf(secret: string, timestamp = api.clock.now): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

function signIn(name: string, code?: string, browser = new Browser(api.baseUrl)): Promise<Response> {
  return browser.post('/api/v1/session', { name, password, ...(code === undefined ? {} : { code }) });
}

async function withFactor(name: string) {
  const browser = await signedIn(api, name, { role: 'viewer' });
  const { secret } = await browser.askJson<NewSecondFactor>(path, { method: 'POST' });
  const on = await browser.post(path, { secret, code: codeOf(secret) }, 'PUT');
  expect(on.status).toBe(200);
  const { recoveryCodes } = (await on.json()) as RecoveryCodes;
  // The step that turned it on is taken.
  api.clock.now += stepMs;
  return { browser, secret, recoveryCodes };
}

async function lastRecord(action: string) {
  return (await api.store.auditLogReader.list({ limit: 1, action })).items[0];
}

describe('a second factor', () => {
  it('is turned on by a code of its secret, and asked for in a second step', async () => {
    const browser = await signedIn(api, 'ada', { role: 'viewer' });
    const other = await signIn('ada');
    expect(other.status).toBe(200);
    const made = await browser.askJson<NewSecondFactor>(path, { method: 'POST' });
    expect(made.secret).toMatch(/^[A-Z2-7]{32}$/);
    // Nothing is asked for until it is on.
    expect((await signIn('ada')).status).toBe(200);
    const wrong = codeOf(made.secret, api.clock.now + 10 * stepMs);
    expect(await refusalOf(await browser.post(path, { secret: made.secret, code: wrong }, 'PUT'))).toEqual([
      403,
      'code-wrong',
    ]);
    expect(await browser.askJson(path)).toEqual({ isOn: false, recoveryCodesLeft: 0 });
    const on = await browser.post(path, { secret: made.secret, code: codeOf(made.secret) }, 'PUT');
    const { recoveryCodes } = (await on.json()) as RecoveryCodes;
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(recoveryCodes[0]).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
    expect(await browser.askJson(path)).toEqual({ isOn: true, recoveryCodesLeft: 10 });
    expect(await lastRecord('account.changed')).toMatchObject({
      ...{ subject: { kind: 'account', id: 'account-ada' }, detail: { secondFactor: 'on' } },
    });
    expect(JSON.stringify(await lastRecord('account.changed'))).not.toContain(made.secret);
    expect(await api.store.sessions.listOf('account-ada', api.clock.now)).toHaveLength(1);

    api.clock.now += stepMs;
    expect(await refusalOf(await signIn('ada'))).toEqual([401, 'code-required']);
    const answer = await signIn('ada', codeOf(made.secret));
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as SessionState).account).toMatchObject({ hasSecondFactor: true });
    expect((await lastRecord('session.opened'))?.detail).toEqual({ by: 'password and code' });
    // Whose password is wrong learns nothing of it.
    const guess = await new Browser(api.baseUrl).post('/api/v1/session', {
      name: 'ada',
      password: 'guessed',
    });
    expect(await refusalOf(guess)).toEqual([401, 'sign-in-refused']);
  });

  it('takes a code once, of this step and its neighbours, in any writing', async () => {
    const { secret } = await withFactor('bea');
    const code = codeOf(secret);
    expect((await signIn('bea', ` ${code.slice(0, 3)} ${code.slice(3)} `)).status).toBe(200);
    expect(await refusalOf(await signIn('bea', code))).toEqual([403, 'code-wrong']);
    // One step ahead is taken, and then none before it.
    expect((await signIn('bea', codeOf(secret, api.clock.now + stepMs))).status).toBe(200);
    expect(await refusalOf(await signIn('bea', code))).toEqual([403, 'code-wrong']);
    api.clock.now += 10 * stepMs;
    expect(await refusalOf(await signIn('bea', codeOf(secret, api.clock.now - 2 * stepMs)))).toEqual([
      403,
      'code-wrong',
    ]);
    expect((await signIn('bea', codeOf(secret, api.clock.now - stepMs))).status).toBe(200);
    expect((await lastRecord('session.refused'))?.detail).toEqual({ why: 'wrong code' });
  });

  it('takes a code once, however many send it at once', async () => {
    const { secret, recoveryCodes } = await withFactor('cleo');
    for (const code of [codeOf(secret), recoveryCodes[0] ?? '']) {
      const answers = await Promise.all([1, 2, 3].map(() => signIn('cleo', code)));
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403, 403]);
    }
  });

  it('takes each recovery code once, in place of a code; hashes alone are kept', async () => {
    const { browser, recoveryCodes, secret } = await withFactor('dora');
    const [first = '', second = ''] = recoveryCodes;
    expect((await signIn('dora', first)).status).toBe(200);
    expect((await lastRecord('session.opened'))?.detail).toEqual({ by: 'password and recovery code' });
    expect(await refusalOf(await signIn('dora', first))).toEqual([403, 'code-wrong']);
    expect((await signIn('dora', second.replaceAll('-', ' ').toUpperCase())).status).toBe(200);
    expect(await browser.askJson<SecondFactorState>(path)).toEqual({ isOn: true, recoveryCodesLeft: 8 });
    const kept = await api.store.secondFactors.find('account-dora');
    expect(kept?.recoveryHashes).toContain(sha256((recoveryCodes[2] ?? '').replaceAll('-', '')));
    expect(JSON.stringify(kept)).not.toContain(recoveryCodes[2]);
    for (const text of [first, second, secret]) expect(api.logLines.join('')).not.toContain(text);
  });

  it('is throttled as a password is, the right code included', async () => {
    const { secret } = await withFactor('eva');
    for (const code of ['000000', 'x', '0000000', 'aaaa-bbbb-cccc-dddd', '１２３４'])
      expect(await refusalOf(await signIn('eva', code))).toEqual([403, 'code-wrong']);
    // The password alone, though right, clears no failure: it is not asked any further.
    expect(await refusalOf(await signIn('eva'))).toEqual([429, 'sign-in-throttled']);
    const throttled = await signIn('eva', codeOf(secret));
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refusalOf(throttled)).toEqual([429, 'sign-in-throttled']);
    api.clock.now += 3_000;
    expect((await signIn('eva', codeOf(secret))).status).toBe(200);
  });

  it('is turned on and off only by a session that gave the password a short while ago', async () => {
    const { browser, secret } = await withFactor('fay');
    api.clock.now += 15 * 60_000;
    for (const [method, body] of [['POST'], ['PUT', { secret, code: codeOf(secret) }], ['DELETE']] as const)
      expect(await refusalOf(await browser.post(path, body, method))).toEqual([403, 'proof-required']);
    // The session has shown its code: the password is enough.
    expect((await browser.post('/api/v1/session/proof', { password })).status).toBe(200);
    expect((await browser.post(path, undefined, 'DELETE')).status).toBe(204);
    expect((await signIn('fay')).status).toBe(200);
    expect((await lastRecord('account.changed'))?.detail).toMatchObject({ secondFactor: 'off' });
  });

  it('that was lost is taken away by an administrator, and by nobody else', async () => {
    const { browser } = await withFactor('gwen');
    await admin.signIn('admin');
    const theirs = '/api/v1/people/account-gwen/second-factor';
    expect(await refusalOf(await browser.post(theirs, undefined, 'DELETE'))).toEqual([403, 'right-missing']);
    const { items } = await admin.askJson<{ items: Person[] }>('/api/v1/people');
    expect(items.find(({ name }) => name === 'gwen')).toMatchObject({ hasSecondFactor: true });
    expect(items.find(({ name }) => name === 'admin')).toMatchObject({ hasSecondFactor: false });
    expect((await admin.post(theirs, undefined, 'DELETE')).status).toBe(204);
    expect(await lastRecord('account.changed')).toMatchObject({
      ...{ actor: { name: 'admin' }, subject: { kind: 'account', id: 'account-gwen' } },
      detail: { secondFactor: 'off' },
    });
    expect((await signIn('gwen')).status).toBe(200);
    const nobody = await admin.post('/api/v1/people/nobody/second-factor', undefined, 'DELETE');
    expect(await refusalOf(nobody)).toEqual([404, 'person-unknown']);
  });

  it('is for accounts with a password here: not for keys, nor for who signs in elsewhere', async () => {
    const asked = await api.ask(path, { method: 'POST' });
    expect(await refusalOf(asked)).toEqual([403, 'account-required']);
    const { id } = await makeAccount(api, 'hal', { role: 'viewer' });
    const browser = new Browser(api.baseUrl);
    await browser.signIn('hal');
    const { find } = api.store.sessions;
    api.store.sessions.find = async (...asking) => {
      const found = await find(...asking);
      return found?.account.id === id
        ? { ...found, account: { ...found.account, hasPassword: false } }
        : found;
    };
    try {
      expect(await refusalOf(await browser.post(path))).toEqual([409, 'password-missing']);
    } finally {
      api.store.sessions.find = find;
    }
  });

  it.each([
    { secret: 'short', code: '123456' },
    { secret: 'a'.repeat(32), code: '123456' },
    { secret: 'A'.repeat(32) },
    { secret: 'A'.repeat(32), code: 123456 },
    { code: '123456' },
  ])('is not what %j says', async (body) => {
    const browser = new Browser(api.baseUrl);
    await admin.signIn('admin');
    await browser.signIn('admin');
    expect(await refusalOf(await browser.post(path, body, 'PUT'))).toEqual([400, 'body-invalid']);
  });
});
