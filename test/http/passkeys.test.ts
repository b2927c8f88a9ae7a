import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccess } from '../../src/app/access.js';
import { relyingPartyOf } from '../../src/access/passkey-service.js';
import type { PasskeyList, PasskeyOptions } from '../../src/contract/passkeys.js';
import type { SessionState } from '../../src/contract/session.js';
import { createSoftwarePasskey, type Claims, type SoftwarePasskey } from '../support/software-passkey.js';
import { Browser, password, signedIn } from './browser.js';
import { openTestApi, publicUrl, type TestApi } from './open-test-api.js';

const ownPath = '/api/v1/session/passkeys';
const minute = 60_000;

let api: TestApi;
let admin: Browser;
beforeAll(async () => {
  api = await openTestApi();
  await api.links.step();
  admin = await signedIn(api, 'admin', { role: 'administrator' });
});
afterAll(() => api.close());

async function codeOf(response: Response): Promise<[number, string | undefined]> {
  return [response.status, response.ok ? undefined : ((await response.json()) as { code: string }).code];
}

const optionsToMake = (browser: Browser) =>
  browser.askJson<PasskeyOptions>(`${ownPath}/options`, { method: 'POST' });
const optionsToUse = async (browser = new Browser(api.baseUrl)): Promise<PasskeyOptions> =>
  (await (await browser.post('/api/v1/session/passkey/options', {})).json()) as PasskeyOptions;

async function add(browser: Browser, name = 'laptop'): Promise<SoftwarePasskey> {
  const device = createSoftwarePasskey(publicUrl);
  const made = device.make(await optionsToMake(browser));
  expect((await browser.post(ownPath, { name, passkey: made })).status).toBe(201);
  return device;
}

const signIn = (passkey: object, browser = new Browser(api.baseUrl)): Promise<Response> =>
  browser.post('/api/v1/session/passkey', { passkey });

const recordsOf = async (action: string) =>
  (await api.store.auditLogReader.list({ limit: 1, action })).items.map(({ detail }) => detail);

describe('a passkey', () => {
  it('is made, listed and removed by its owner, and the audit log tells', async () => {
    const browser = await signedIn(api, 'ada', { role: 'viewer' });
    expect(await browser.askJson<PasskeyList>(ownPath)).toEqual({ items: [] });
    const options = await optionsToMake(browser);
    expect(options).toMatchObject({
      ...{ rp: { id: 'earshot.example' }, user: { name: 'ada' }, attestation: 'none' },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const device = await add(browser, '手机');
    expect(await recordsOf('account.changed')).toEqual([{ passkey: 'added', name: '手机', by: 'its owner' }]);
    const { items } = await browser.askJson<PasskeyList>(ownPath);
    expect(items).toEqual([{ id: device.id, name: '手机', createdAt: expect.any(String) as string }]);
    expect(await optionsToMake(browser)).toMatchObject({ excludeCredentials: [{ id: device.id }] });
    // The same again.
    const again = device.make(await optionsToMake(browser));
    expect(await codeOf(await browser.post(ownPath, { name: 'again', passkey: again }))).toEqual([
      ...[403, 'passkey-refused'],
    ]);
    const remove = (who: Browser) => who.ask(`${ownPath}/${device.id}`, { method: 'DELETE' });
    expect(await codeOf(await remove(admin))).toEqual([404, 'passkey-unknown']);
    expect((await remove(browser)).status).toBe(204);
    expect(await recordsOf('account.changed')).toEqual([
      { passkey: 'removed', name: '手机', by: 'its owner' },
    ]);
    expect(await codeOf(await signIn(device.use(await optionsToUse())))).toEqual([403, 'passkey-refused']);
  });

  it('signs in without a password or a code, and each challenge does so once', async () => {
    const browser = await signedIn(api, 'bea', { role: 'viewer' });
    const device = await add(browser);
    await api.store.secondFactors.set('account-bea', {
      ...{ secret: 'A'.repeat(32), takenStep: 1, recoveryHashes: [] },
    });
    api.clock.now += minute;
    const answer = device.use(await optionsToUse(), { counter: 1 });
    const other = new Browser(api.baseUrl);
    const signedInAs = (await (await signIn(answer, other)).json()) as SessionState;
    expect(signedInAs.account?.name).toBe('bea');
    expect(await recordsOf('session.opened')).toEqual([{ by: 'passkey' }]);
    expect((await other.askJson<PasskeyList>(ownPath)).items[0]).toHaveProperty('lastUsedAt');
    expect(await codeOf(await signIn(answer))).toEqual([403, 'passkey-refused']);
    expect(await recordsOf('session.refused')).toEqual([{ why: 'wrong passkey' }]);
    // A device that counts, and counts back, has been copied.
    api.clock.now += minute;
    expect(await codeOf(await signIn(device.use(await optionsToUse(), { counter: 1 })))).toEqual([
      ...[403, 'passkey-refused'],
    ]);
  });

  it.each<[string, Claims]>([
    ['of another site', { origin: 'https://earshot.example.evil.test' }],
    ['for another host', { rpId: 'evil.test' }],
    ['of a device that did not ask who is there', { flags: 0x01 }],
    ['of a device where nobody was', { flags: 0x04 }],
  ])('is refused: an answer %s', async (name, claims) => {
    const owner = `c${name.replaceAll(' ', '')}`;
    const browser = await signedIn(api, owner, { role: 'viewer' });
    const made = createSoftwarePasskey(publicUrl).make(await optionsToMake(browser), claims);
    expect(await codeOf(await browser.post(ownPath, { name, passkey: made }))).toEqual([
      ...[403, 'passkey-refused'],
    ]);
    const device = await add(browser);
    api.clock.now += minute;
    expect(await codeOf(await signIn(device.use(await optionsToUse(), claims)))).toEqual([
      ...[403, 'passkey-refused'],
    ]);
  });

  it('is refused: challenges that are old, made for something else, for another account, or by somebody else', async () => {
    const browser = await signedIn(api, 'dora', { role: 'viewer' });
    const device = await add(browser);
    const challenges = [
      (await optionsToMake(browser)).challenge,
      Buffer.alloc(56, 1).toString('base64url'),
      'AAAA',
      '',
    ];
    for (const challenge of challenges) {
      expect(await codeOf(await signIn(device.use({ challenge })))).toEqual([403, 'passkey-refused']);
    }
    const theirs = createSoftwarePasskey(publicUrl).make(await optionsToMake(admin));
    expect((await browser.post(ownPath, { name: 'x', passkey: theirs })).status).toBe(403);
    const old = await optionsToUse();
    api.clock.now += 5 * minute;
    expect((await signIn(device.use(old))).status).toBe(403);
    // Of another device, under this one's name.
    const forged = { ...createSoftwarePasskey(publicUrl).use(await optionsToUse()), id: device.id };
    expect((await signIn(forged)).status).toBe(403);
  });

  it.each([
    {},
    { passkey: null },
    { passkey: { id: 'constructor', rawId: 'constructor', type: 'public-key', response: {} } },
    { passkey: { id: '', rawId: '', type: 'public-key', response: { clientDataJSON: '' } } },
  ])('is refused without a fault of the server: %j', async (body) => {
    const response = await new Browser(api.baseUrl).post('/api/v1/session/passkey', body);
    expect(await codeOf(response)).toEqual([400, 'body-invalid']);
  });

  it('of a person who is disabled lets nobody in, and ends when the account is removed', async () => {
    const browser = await signedIn(api, 'eva', { role: 'viewer' });
    const device = await add(browser);
    await admin.post('/api/v1/people/account-eva', { isDisabled: true }, 'PATCH');
    api.clock.now += minute;
    expect(await codeOf(await signIn(device.use(await optionsToUse())))).toEqual([403, 'account-disabled']);
    await admin.ask('/api/v1/people/account-eva', { method: 'DELETE' });
    expect(await api.store.passkeys.find(device.id)).toBeUndefined();
  });

  it('is proof of who is there, for its owner alone', async () => {
    const browser = await signedIn(api, 'fay', { role: 'administrator' });
    const device = await add(browser);
    const others = await add(admin, 'theirs');
    api.clock.now += 16 * minute;
    const make = () => browser.post('/api/v1/keys', { name: 'k', scopes: ['view'] });
    expect(await codeOf(await make())).toEqual([403, 'proof-required']);
    const prove = (passkey: object) => browser.post('/api/v1/session/proof', { passkey });
    expect(await codeOf(await prove(others.use(await optionsToUse(browser))))).toEqual([
      ...[403, 'passkey-refused'],
    ]);
    api.clock.now += 1;
    expect((await prove(device.use(await optionsToUse(browser)))).status).toBe(200);
    expect(await recordsOf('session.proven')).toEqual([{ by: 'passkey' }]);
    expect((await make()).status).toBe(201);
    const both = { password, passkey: device.use(await optionsToUse(browser)) };
    for (const body of [both, {}]) {
      expect((await browser.post('/api/v1/session/proof', body)).status).toBe(400);
    }
  });

  it('is taken away by an administrator, with the second factor', async () => {
    const browser = await signedIn(api, 'gus', { role: 'viewer' });
    await add(browser);
    await add(browser, 'phone');
    const other = await signedIn(api, 'another', { role: 'administrator' });
    const removed = await other.ask('/api/v1/people/account-gus/second-factor', { method: 'DELETE' });
    expect(removed.status).toBe(204);
    expect(await recordsOf('account.changed')).toEqual([{ secondFactor: 'off', passkeys: 2 }]);
    expect((await browser.askJson<PasskeyList>(ownPath)).items).toEqual([]);
  });

  it('is made by whoever has shown a short while ago who is there', async () => {
    const browser = await signedIn(api, 'hal', { role: 'viewer' });
    api.clock.now += 16 * minute;
    expect(await codeOf(await browser.ask(`${ownPath}/options`, { method: 'POST' }))).toEqual([
      ...[403, 'proof-required'],
    ]);
    expect((await browser.askJson<SessionState>('/api/v1/session')).hasPasskeys).toBe(true);
  });

  it('is not offered where browsers have none, and it is said why', async () => {
    expect(relyingPartyOf('https://a.example:8443/x')).toEqual({
      ...{ id: 'a.example', origin: 'https://a.example:8443' },
    });
    expect(relyingPartyOf('http://localhost:8080')).toEqual({
      ...{ id: 'localhost', origin: 'http://localhost:8080' },
    });
    const unfit = ['http://a.example', 'https://10.0.0.1', 'https://[::1]:8080', 'http://127.0.0.1:8080'];
    expect(unfit.map(relyingPartyOf)).toEqual(unfit.map(() => 'public-url-unfit'));

    const { passkeyService } = createAccess(api.store, undefined, () => api.clock.now);
    const without = await openTestApi({ people: { passkeyService } });
    const browser = await signedIn(without, 'ida', { role: 'viewer' });
    expect(await browser.askJson<PasskeyList>(ownPath)).toMatchObject({ unavailable: 'public-url-missing' });
    expect((await browser.askJson<SessionState>('/api/v1/session')).hasPasskeys).toBe(false);
    for (const path of [`${ownPath}/options`, '/api/v1/session/passkey/options']) {
      expect(await codeOf(await browser.ask(path, { method: 'POST' }))).toEqual([
        409,
        'passkeys-unavailable',
      ]);
    }
    await without.close();
  });
});
