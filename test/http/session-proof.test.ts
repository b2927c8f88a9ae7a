import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionState } from '../../src/contract/session.js';
import { Browser, makeAccount, password, signedIn } from './browser.js';
import { openTestApi, type TestApi } from './open-test-api.js';

const minuteMs = 60_000;

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await makeAccount(api, 'other', { role: 'viewer' });
});
afterAll(() => api.close());

async function refusalOf(response: Response): Promise<[number, string | undefined]> {
  return [response.status, response.ok ? undefined : ((await response.json()) as { code: string }).code];
}

/** Every act that is for who has given the password a short while ago. */
const acts: [method: string, path: string, body?: object][] = [
  ['POST', '/api/v1/people', { name: 'new', role: 'viewer', password }],
  ['PATCH', '/api/v1/people/account-other', { role: 'administrator' }],
  ['DELETE', '/api/v1/people/account-other'],
  ['DELETE', '/api/v1/people/account-other/sessions'],
  ['DELETE', '/api/v1/people/account-other/sessions/any'],
  ['DELETE', '/api/v1/people/account-other/second-factor'],
  ['POST', '/api/v1/keys', { name: 'stolen', scopes: ['view'] }],
  ['DELETE', '/api/v1/keys/k1'],
  ['POST', '/api/v1/sources', { name: 'stolen' }],
  ['POST', '/api/v1/sources/default/rotate', {}],
  ['PATCH', '/api/v1/sources/s1', { pushBytesPerDay: null }],
  ['DELETE', '/api/v1/sources/s1'],
];

describe('a session that was given the password 15 minutes ago', () => {
  it.each(acts)('is refused %s %s before anything is changed', async (method, path, body) => {
    const browser = await signedIn(api, `${method} ${path}`, { role: 'administrator' });
    api.clock.now += 15 * minuteMs;
    const people = async () => (await api.store.accounts.list()).map(({ id, role }) => [id, role]);
    const before = await people();
    expect(await refusalOf(await browser.post(path, body, method))).toEqual([403, 'proof-required']);
    expect(await people()).toEqual(before);
    expect((await api.store.apiKeys.list()).length).toBe(0);
    // What is looked at needs none, and neither does what is wrong in another way.
    expect((await browser.ask('/api/v1/people')).status).toBe(200);
    const operator = await signedIn(api, `op ${method} ${path}`, { role: 'operator' });
    api.clock.now += 15 * minuteMs;
    expect(await refusalOf(await operator.post(path, body, method))).toEqual([403, 'right-missing']);
  });

  it('changes people again once it gives the password, for another 15 minutes', async () => {
    const browser = await signedIn(api, 'ada', { role: 'administrator' });
    const add = (name: string) => browser.post('/api/v1/people', { name, role: 'viewer', password });
    api.clock.now += 15 * minuteMs - 1;
    expect((await add('in time')).status).toBe(201);
    api.clock.now += 1;
    expect(await refusalOf(await add('late'))).toEqual([403, 'proof-required']);
    expect(await refusalOf(await browser.post('/api/v1/session/proof', { password: 'wrong' }))).toEqual([
      403,
      'password-wrong',
    ]);
    expect(await refusalOf(await add('late'))).toEqual([403, 'proof-required']);
    const proven = await browser.post('/api/v1/session/proof', { password });
    const { provenUntil, csrfToken, account } = (await proven.json()) as SessionState;
    expect(Date.parse(provenUntil ?? '')).toBe(api.clock.now + 15 * minuteMs);
    expect([csrfToken, account?.name]).toEqual([browser.csrfToken, 'ada']);
    expect((await add('late')).status).toBe(201);
    const { items } = await api.store.auditLogReader.list({ limit: 1, action: 'session.proven' });
    expect(items[0]).toMatchObject({
      actor: { name: 'ada' },
      subject: { kind: 'account', id: 'account-ada' },
    });
    api.clock.now += 15 * minuteMs;
    expect(await refusalOf(await add('later'))).toEqual([403, 'proof-required']);
    // Another browser of the same person has given nothing.
    const other = new Browser(api.baseUrl);
    await other.signIn('ada');
    expect((await other.post('/api/v1/people', { name: 'later', role: 'viewer', password })).status).toBe(
      201,
    );
    expect(await refusalOf(await add('even later'))).toEqual([403, 'proof-required']);
  });

  it('is no place to guess at the password', async () => {
    const browser = await signedIn(api, 'guessed', { role: 'administrator' });
    const prove = (word: string) => browser.post('/api/v1/session/proof', { password: word });
    for (let guess = 0; guess < 5; guess++)
      expect(await refusalOf(await prove(`guess ${guess}`))).toEqual([403, 'password-wrong']);
    const throttled = await prove(password);
    expect(Number(throttled.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refusalOf(throttled)).toEqual([429, 'sign-in-throttled']);
  });
});

it('keys are asked for nothing, and have nothing to prove', async () => {
  api.clock.now += 60 * minuteMs;
  const made = await api.ask('/api/v1/sources', { method: 'POST', body: JSON.stringify({ name: 'by-key' }) });
  expect(made.status).toBe(201);
  const proof = await api.ask('/api/v1/session/proof', {
    method: 'POST',
    body: JSON.stringify({ password }),
  });
  expect(await refusalOf(proof)).toEqual([403, 'account-required']);
});
