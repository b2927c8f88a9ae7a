import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createAccess, createSingleSignOn, type SingleSignOnConfig } from '../../src/app/access.js';
import { readConfig } from '../../src/settings/config.js';
import type { SessionState } from '../../src/contract/session.js';
import { singleSignOnPath } from '../../src/http/routes/session-routes.js';
import { clientId, clientSecret, openOpenIdProvider, visit } from '../support/openid-provider.js';
import { makeTemporaryFolder } from '../support/temporary-folder.js';
import { Browser, makeAccount, password } from './browser.js';
import { openTestApi, publicUrl, sha256, type TestApi } from './open-test-api.js';

const people = {
  alice: { preferred_username: 'alice', name: 'Alice A.', groups: ['staff', 'earshot-admins', 'listeners'] },
  bob: { preferred_username: 'bob', name: 'Bob B.', groups: ['listeners'] },
  eve: { preferred_username: 'eve', email: 'eve@example.org', groups: ['staff'] },
};

let provider: Awaited<ReturnType<typeof openOpenIdProvider>>;
beforeAll(async () => {
  provider = await openOpenIdProvider(`${publicUrl}${singleSignOnPath}/return`, people);
});
afterAll(() => provider.close());

function configOf(more: Readonly<Record<string, string>> = {}): SingleSignOnConfig {
  const environment = {
    EARSHOT_OIDC_ISSUER: provider.issuer,
    EARSHOT_OIDC_CLIENT_ID: clientId,
    EARSHOT_OIDC_CLIENT_SECRET: clientSecret,
    EARSHOT_OIDC_NAME: 'Example Inc.',
    EARSHOT_OIDC_ROLES: 'earshot-admins=administrator, listeners=reviewer',
    EARSHOT_SIGN_ON_NETWORKS: '127.0.0.0/8',
    ...more,
  };
  return readConfig({}, environment, makeTemporaryFolder());
}

let api: TestApi;
let closeProvider: (() => void) | undefined;

async function open(config: SingleSignOnConfig): Promise<void> {
  // The routes need what needs the store: it is handed in once both are there.
  const parts: {
    singleSignOn?: NonNullable<Awaited<ReturnType<typeof createSingleSignOn>>>['singleSignOn'];
  } = {};
  const later = {
    name: config.oidcName,
    provider: {
      begin: (...begin: Parameters<NonNullable<typeof parts.singleSignOn>['provider']['begin']>) =>
        singleSignOnOf(parts).provider.begin(...begin),
      finish: (...finish: Parameters<NonNullable<typeof parts.singleSignOn>['provider']['finish']>) =>
        singleSignOnOf(parts).provider.finish(...finish),
      signOutUrl: (...there: Parameters<NonNullable<typeof parts.singleSignOn>['provider']['signOutUrl']>) =>
        singleSignOnOf(parts).provider.signOutUrl(...there),
      // The provider of these tests tells nobody: src/access/single-sign-on.test.ts has the tokens.
      readLogout: (token: string) =>
        token === 'of alice'
          ? Promise.resolve({ issuer: provider.issuer, subject: 'alice' })
          : singleSignOnOf(parts).provider.readLogout(token),
    },
    admit: (...admission: Parameters<NonNullable<typeof parts.singleSignOn>['admit']>) =>
      singleSignOnOf(parts).admit(...admission),
  };
  api = await openTestApi({ people: { singleSignOn: later } });
  const clock = () => api.clock.now;
  const made = await createSingleSignOn(config, api.store, createAccess(api.store, undefined, clock), clock);
  if (!made) throw new Error('there is no single sign-on');
  parts.singleSignOn = made.singleSignOn;
  closeProvider = made.close;
}

function singleSignOnOf<Part>(parts: { singleSignOn?: Part }): Part {
  if (!parts.singleSignOn) throw new Error('not yet');
  return parts.singleSignOn;
}

beforeEach(() => open(configOf()));
afterEach(async () => {
  closeProvider?.();
  await api.close();
});

/** What a browser does that clicks the button; where it ends. */
async function signInAs(
  account: string,
  browser = new Jar(api.baseUrl),
  toPath: string = singleSignOnPath,
): Promise<{ end: string; browser: Jar }> {
  const away = await browser.ask(toPath);
  const back = await visit(away.headers.get('location') ?? '', provider.issuer, account);
  expect(back.startsWith(`${publicUrl}${singleSignOnPath}/return?`)).toBe(true);
  const home = await browser.ask(back.slice(publicUrl.length));
  return { end: home.headers.get('location') ?? String(home.status), browser };
}

/** A browser with more than one cookie. */
class Jar extends Browser {
  readonly jar = new Map<string, string>();

  override async ask(path: string, init: RequestInit = {}): Promise<Response> {
    this.cookie = [...this.jar].map((pair) => pair.join('=')).join('; ') || undefined;
    const response = await super.ask(path, init);
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';', 1);
      const [name = '', value = ''] = pair.split('=');
      if (/Max-Age=0/.test(set)) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    return response;
  }
}

describe('signing in elsewhere', () => {
  it('is offered with its name, and makes an account with the role of the groups there', async () => {
    const state = await new Browser(api.baseUrl).askJson<SessionState>('/api/v1/session');
    expect(state.singleSignOn).toEqual({ name: 'Example Inc.', path: singleSignOnPath });
    const { end, browser } = await signInAs('alice');
    expect(end).toBe('/');
    const { account } = await browser.askJson<SessionState>('/api/v1/session');
    expect(account).toMatchObject({
      ...{ name: 'alice', displayName: 'Alice A.', role: 'administrator', hasPassword: false },
    });
    expect([...browser.jar.keys()]).toEqual(['__Host-earshot_session', '__Secure-earshot_elsewhere']);
    const { items } = await api.store.auditLogReader.list({ limit: 9 });
    expect(items.map(({ action }) => action)).toEqual(['session.opened', 'account.created']);
    const again = await signInAs('alice');
    expect(again.end).toBe('/');
    expect(await api.store.accounts.list()).toHaveLength(1);
  });

  it('counts as proof where the provider was told to ask, and tells that it did just now', async () => {
    const againPath = `${singleSignOnPath}?again=yes`;
    const isProven = async (browser: Jar) => {
      const { provenUntil = '' } = await browser.askJson<SessionState>('/api/v1/session');
      return Date.parse(provenUntil) > api.clock.now;
    };
    api.clock.now = Date.now();
    const asked = await new Jar(api.baseUrl).ask(againPath);
    const { searchParams } = new URL(asked.headers.get('location') ?? '');
    expect([searchParams.get('prompt'), searchParams.get('max_age')]).toEqual(['login', '0']);
    expect(await isProven((await signInAs('alice')).browser)).toBe(false);
    const { browser } = await signInAs('alice', undefined, againPath);
    expect(await isProven(browser)).toBe(true);
    // As if the provider had let them through on the strength of what was long ago.
    api.clock.now += 16 * 60_000;
    expect(await isProven((await signInAs('alice', undefined, againPath)).browser)).toBe(false);
  });

  it('changes the role when the groups have changed, and never takes the last administrator away', async () => {
    await makeAccount(api, 'local', { role: 'administrator' });
    await signInAs('bob');
    const bob = (await api.store.accounts.list()).find(({ name }) => name === 'bob');
    await api.store.accounts.change(bob?.id ?? '', { role: 'administrator' });
    await signInAs('bob');
    expect((await api.store.accounts.get(bob?.id ?? ''))?.role).toBe('reviewer');
    await api.store.accounts.change(bob?.id ?? '', { role: 'administrator' });
    await api.store.accounts.remove('account-local');
    await signInAs('bob');
    expect((await api.store.accounts.get(bob?.id ?? ''))?.role).toBe('administrator');
  });

  it('is refused to whoever has no group with a role, and to a disabled account', async () => {
    expect((await signInAs('eve')).end).toBe('/sign-in?refused=single-sign-on-refused');
    expect(await api.store.accounts.list()).toEqual([]);
    const [refused] = (await api.store.auditLogReader.list({ limit: 1 })).items;
    expect(refused).toMatchObject({
      ...{ action: 'session.refused', actor: { kind: 'nobody' }, address: '127.0.0.1' },
      detail: { why: 'no group has a role', subject: 'eve', claim: 'groups', groups: ['staff'] },
    });
    await signInAs('bob');
    const [bob] = await api.store.accounts.list();
    await makeAccount(api, 'local', { role: 'administrator' });
    await api.store.accounts.change(bob?.id ?? '', { isDisabled: true });
    const { end, browser } = await signInAs('bob');
    expect(end).toBe('/sign-in?refused=account-disabled');
    expect((await browser.ask('/api/v1/calls')).status).toBe(401);
  });

  it('gives the default role, where there is one, and leaves it to administrators where no group has any', async () => {
    closeProvider?.();
    await api.close();
    await open(configOf({ EARSHOT_OIDC_ROLES: '', EARSHOT_OIDC_DEFAULT_ROLE: 'viewer' }));
    await signInAs('eve');
    const [eve] = await api.store.accounts.list();
    expect(eve).toMatchObject({ name: 'eve', role: 'viewer' });
    await api.store.accounts.change(eve?.id ?? '', { role: 'operator' });
    await signInAs('eve');
    expect((await api.store.accounts.get(eve?.id ?? ''))?.role).toBe('operator');
  });

  it('does not take over a local account of the same name', async () => {
    await makeAccount(api, 'bob', { role: 'administrator' });
    const { browser } = await signInAs('bob');
    const { account } = await browser.askJson<SessionState>('/api/v1/session');
    expect(account).toMatchObject({ role: 'reviewer' });
    expect(account?.name).toMatch(/^Bob B\.$/);
    expect((await new Browser(api.baseUrl).signIn('bob')).status).toBe(200);
  });

  it('fails for a browser that did not begin it, for what was changed, and a second time', async () => {
    const browser = new Jar(api.baseUrl);
    const away = (await browser.ask(singleSignOnPath)).headers.get('location') ?? '';
    const back = (await visit(away, provider.issuer, 'alice')).slice(publicUrl.length);
    const ends = async (jar: Jar, path: string) => (await jar.ask(path)).headers.get('location');
    const failed = '/sign-in?refused=single-sign-on-failed';
    expect(await ends(new Jar(api.baseUrl), back)).toBe(failed);
    const other = new Jar(api.baseUrl);
    await other.ask(singleSignOnPath);
    expect(await ends(other, back)).toBe(failed);
    expect(await ends(browser, back.replace('state=', 'state=_'))).toBe(failed);
    expect(await ends(browser, back)).toBe('/');
    expect(await ends(browser, back)).toBe(failed);
    expect(await api.store.accounts.list()).toHaveLength(1);
  });

  it('tells that the provider refused, and logs no code', async () => {
    expect((await signInAs('nobody')).end).toBe('/sign-in?refused=single-sign-on-failed');
    await signInAs('alice');
    expect(api.logLines.join('')).not.toMatch(/code=|id_token|client_secret/);
    expect(api.logLines.join('')).not.toContain(clientSecret);
  });

  it('goes out by the guard alone: a provider inside must be allowed', async () => {
    closeProvider?.();
    await api.close();
    // What is open to downloads and endpoints is not open to it.
    await open(configOf({ EARSHOT_SIGN_ON_NETWORKS: 'none', EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8' }));
    const refused = await new Jar(api.baseUrl).ask(singleSignOnPath);
    expect(refused.headers.get('location')).toBe('/sign-in?refused=single-sign-on-unavailable');
  });

  it('works again once a provider that was away is back', async () => {
    closeProvider?.();
    await api.close();
    const away = await openOpenIdProvider(`${publicUrl}${singleSignOnPath}/return`, people);
    await away.close();
    await open(configOf({ EARSHOT_OIDC_ISSUER: away.issuer }));
    const jar = new Jar(api.baseUrl);
    const end = (await jar.ask(singleSignOnPath)).headers.get('location');
    expect(end).toBe('/sign-in?refused=single-sign-on-unavailable');
    const { port } = new URL(away.issuer);
    const back = await openOpenIdProvider(`${publicUrl}${singleSignOnPath}/return`, people, Number(port));
    const there = (await jar.ask(singleSignOnPath)).headers.get('location');
    expect(there?.startsWith(`${away.issuer}/auth?`)).toBe(true);
    await back.close();
  });
});

describe('signing out of what was signed in elsewhere', () => {
  it('is done there, too, by whom the provider knows already', async () => {
    const { browser } = await signInAs('bob');
    const end = (await browser.ask(`${singleSignOnPath}/sign-out`)).headers.get('location') ?? '';
    const there = new URL(end);
    expect(end.startsWith(`${provider.issuer}/session/end?`)).toBe(true);
    expect(there.searchParams.get('post_logout_redirect_uri')).toBe(`${publicUrl}/sign-in`);
    expect(there.searchParams.get('client_id')).toBe(clientId);
    expect(there.searchParams.get('id_token_hint')?.split('.')).toHaveLength(3);
    const again = (await browser.ask(`${singleSignOnPath}/sign-out`)).headers.get('location') ?? '';
    expect(new URL(again).searchParams.has('id_token_hint')).toBe(false);
  });

  it('is done by the provider: all sessions of that account end, and of no other', async () => {
    const { browser: alice } = await signInAs('alice');
    const { browser: bob } = await signInAs('bob');
    const tell = (token: string) =>
      fetch(`${api.baseUrl}${singleSignOnPath}/signed-out`, {
        ...{ method: 'POST', body: new URLSearchParams({ logout_token: token }) },
      });
    for (const token of ['', 'x.y.z']) expect((await tell(token)).status).toBe(400);
    expect((await alice.ask('/api/v1/calls')).status).toBe(200);
    const told = await tell('of alice');
    expect([told.status, told.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect((await alice.ask('/api/v1/calls')).status).toBe(401);
    expect((await bob.ask('/api/v1/calls')).status).toBe(200);
    const [closed] = (await api.store.auditLogReader.list({ limit: 9, action: 'session.closed' })).items;
    expect(closed).toMatchObject({ detail: { by: 'single sign-on', sessions: 1 } });
  });

  it('comes by itself after an hour: groups are looked at again, whatever was done meanwhile', async () => {
    const { browser } = await signInAs('bob');
    await makeAccount(api, 'local', { role: 'viewer' });
    const local = new Browser(api.baseUrl);
    await local.signIn('local');
    for (let minutes = 0; minutes < 59; minutes++) {
      api.clock.now += 60_000;
      if (minutes % 10 === 0) expect((await browser.ask('/api/v1/calls')).status).toBe(200);
    }
    api.clock.now += 60_001;
    expect((await browser.ask('/api/v1/calls')).status).toBe(401);
    expect((await local.ask('/api/v1/calls')).status).toBe(200);
  });
});

describe('the link of the start', () => {
  it('holds until there is an administrator, whoever else has signed in', async () => {
    const { setup } = api.store;
    await setup.addToken(sha256('token-of-the-start'), api.clock.now);
    await signInAs('bob');
    const state = await new Browser(api.baseUrl).askJson<SessionState>('/api/v1/session');
    expect(state.setupNeeded).toBe(true);
    const first = (name: string) =>
      new Browser(api.baseUrl).post('/api/v1/setup', { token: 'token-of-the-start', name, password });
    expect((await first('bob')).status).toBe(409);
    expect((await first('root')).status).toBe(201);
    expect((await first('again')).status).toBe(410);
  });
});

describe('settings of signing in elsewhere', () => {
  it.each([
    ['"cn=admins,ou=groups,dc=corp,dc=example"=administrator', ['cn=admins,ou=groups,dc=corp,dc=example']],
    ['a=viewer, "b,c"=viewer ,"say ""d"", e"=viewer,f g=viewer', ['a', 'b,c', 'say "d", e', 'f g']],
    ['x=y=viewer', ['x=y']],
  ])('take groups with commas in quotes: %s', (roles, groups) => {
    expect([...configOf({ EARSHOT_OIDC_ROLES: roles }).oidcRoles.keys()]).toEqual(groups);
  });

  it.each(['cn=admins,ou=groups=administrator', '"a,b=viewer', '"a"b', 'a'])('are refused: %s', (roles) => {
    expect(() => configOf({ EARSHOT_OIDC_ROLES: roles })).toThrow('EARSHOT_OIDC_ROLES');
  });

  it.each([
    [{ EARSHOT_OIDC_CLIENT_ID: 'x' }, 'EARSHOT_OIDC_CLIENT_ID'],
    [{ EARSHOT_OIDC_ISSUER: 'https://id.example' }, 'EARSHOT_OIDC_CLIENT_ID'],
    [{ EARSHOT_OIDC_ISSUER: 'https://id.example', EARSHOT_OIDC_CLIENT_ID: 'x' }, 'EARSHOT_OIDC_ROLES'],
    [{ EARSHOT_OIDC_ISSUER: 'http://id.example' }, 'EARSHOT_OIDC_ISSUER'],
    [{ EARSHOT_OIDC_ROLES: 'admins=root' }, 'EARSHOT_OIDC_ROLES'],
  ])('that do not go together are refused: %j', (environment, named) => {
    expect(() => readConfig({}, environment, makeTemporaryFolder())).toThrow(named);
  });
});
