import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OpenSessions, SessionState } from '../../src/contract/session.js';
import { Browser, makeAccount, password, signedIn } from './browser.js';
import { openTestApi, type TestApi } from './open-test-api.js';

const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await makeAccount(api, 'Ada', { role: 'administrator' });
});
afterAll(() => api.close());

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}

describe('signing in', () => {
  it('opens a session whose cookie is for this server, https and no script', async () => {
    const browser = new Browser(api.baseUrl);
    expect(await browser.askJson('/api/v1/session')).not.toHaveProperty('account');
    const answer = await browser.signIn('ada');
    expect(answer.status).toBe(200);
    expect(browser.setCookie).toMatch(
      /^__Host-earshot_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const state = await browser.askJson<SessionState>('/api/v1/session');
    expect(state).toMatchObject({
      setupNeeded: false,
      account: { name: 'Ada', role: 'administrator', hasPassword: true },
    });
    expect(state.account?.rights).toContain('administer');
    expect((await browser.ask('/api/v1/calls')).status).toBe(200);
  });

  it('over http has a cookie without the prefix that only https may use', async () => {
    const plain = await openTestApi({ people: { publicUrl: () => 'http://127.0.0.1:8080' } });
    const browser = await signedIn(plain, 'ada', { role: 'viewer' });
    expect(browser.setCookie).toMatch(/^earshot_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    await plain.close();
  });

  it('is lax where people sign in elsewhere: they come back from another site', async () => {
    const other = await openTestApi({ people: { singleSignOn: { name: 'Example' } as never } });
    const browser = await signedIn(other, 'ada', { role: 'viewer' });
    expect(browser.setCookie).toContain('SameSite=Lax');
    await other.close();
  });

  it('keeps the hash of the token alone', async () => {
    const browser = new Browser(api.baseUrl);
    await browser.signIn('ada');
    const token = browser.cookie?.split('=')[1] ?? '';
    const kept = JSON.stringify(await api.store.sessions.listOf('account-Ada', api.clock.now));
    expect(kept).not.toContain(token);
    expect(api.logLines.join('')).not.toContain(token);
    expect(api.logLines.join('')).not.toContain(password);
  });

  it('ends the session that this browser had', async () => {
    const browser = new Browser(api.baseUrl);
    await browser.signIn('ada');
    const before = browser.cookie;
    await browser.signIn('ada');
    expect(browser.cookie).not.toBe(before);
    const old = await fetch(`${api.baseUrl}/api/v1/calls`, { headers: { cookie: before ?? '' } });
    expect(old.status).toBe(401);
  });

  it('fails alike for a wrong password and an unknown name, and the log tells which', async () => {
    const browser = new Browser(api.baseUrl);
    const [wrong, unknown] = [await browser.signIn('ada', 'not this one'), await browser.signIn('nobody')];
    const strip = async (response: Response): Promise<unknown> => [response.status, await response.json()];
    expect(await strip(wrong)).toEqual(await strip(unknown));
    const { items } = await api.store.auditLogReader.list({ limit: 2, action: 'session.refused' });
    expect(items.map(({ detail }) => detail?.['why'])).toEqual(['unknown name', 'wrong password']);
    expect(JSON.stringify(items)).not.toContain('nobody2');
    api.clock.now += dayMs;
  });

  it('tells a disabled account so only to whoever has its password', async () => {
    const { id } = await makeAccount(api, 'gone', { role: 'viewer' });
    await api.store.accounts.change(id, { isDisabled: true });
    const browser = new Browser(api.baseUrl);
    expect(await codeOf(await browser.signIn('gone', 'wrong word'))).toBe('sign-in-refused');
    expect(await codeOf(await browser.signIn('gone'))).toBe('account-disabled');
  });
});

describe('a session', () => {
  it('ends after twelve hours without use, and after seven days whatever is done', async () => {
    const browser = await signedIn(api, 'idle', { role: 'viewer' });
    api.clock.now += 11 * hourMs;
    expect((await browser.ask('/api/v1/calls')).status).toBe(200);
    api.clock.now += 11 * hourMs;
    expect((await browser.ask('/api/v1/calls')).status).toBe(200);
    for (let used = 0; used < 14; used++) {
      api.clock.now += 11 * hourMs;
      await browser.ask('/api/v1/calls');
    }
    expect((await browser.ask('/api/v1/calls')).status).toBe(401);
    const idle = new Browser(api.baseUrl);
    await idle.signIn('idle');
    api.clock.now += 12 * hourMs;
    expect((await idle.ask('/api/v1/calls')).status).toBe(401);
  });

  it('is written down as used once a minute at most', async () => {
    const browser = await signedIn(api, 'busy', { role: 'viewer' });
    const seenAt = async () => (await api.store.accounts.get('account-busy'))?.lastSeenAt;
    const before = await seenAt();
    api.clock.now += 59_000;
    await browser.ask('/api/v1/calls');
    expect(await seenAt()).toBe(before);
    api.clock.now += 1_000;
    await browser.ask('/api/v1/calls');
    expect(await seenAt()).toBe(api.clock.now);
  });

  it('ends at once when its account is disabled', async () => {
    const browser = await signedIn(api, 'dismissed', { role: 'operator' });
    expect((await browser.ask('/api/v1/quarantine')).status).toBe(200);
    await api.ask('/api/v1/people/account-dismissed', { method: 'PATCH', body: '{"isDisabled":true}' });
    expect((await browser.ask('/api/v1/quarantine')).status).toBe(401);
    await api.ask('/api/v1/people/account-dismissed', { method: 'PATCH', body: '{"isDisabled":false}' });
    expect((await browser.ask('/api/v1/quarantine')).status).toBe(401);
  });

  it('has the rights that its account has now', async () => {
    const browser = await signedIn(api, 'promoted', { role: 'viewer' });
    expect((await browser.ask('/api/v1/quarantine')).status).toBe(403);
    await api.store.accounts.change('account-promoted', { role: 'operator' });
    expect((await browser.ask('/api/v1/quarantine')).status).toBe(200);
  });

  it('is listed to its owner alone, without anything that opens it, and can be ended', async () => {
    const here = await signedIn(api, 'two', { role: 'viewer' });
    const there = new Browser(api.baseUrl, { 'user-agent': 'another browser' });
    api.clock.now += 1_000;
    await there.signIn('two');
    const { items } = await here.askJson<OpenSessions>('/api/v1/sessions');
    expect(items.map(({ isThis, userAgent }) => [isThis, userAgent])).toEqual([
      [false, 'another browser'],
      [true, 'node'],
    ]);
    expect((await here.post(`/api/v1/sessions/${items[0]?.id}`, undefined, 'DELETE')).status).toBe(204);
    expect((await there.ask('/api/v1/calls')).status).toBe(401);
    const stranger = await signedIn(api, 'stranger', { role: 'administrator' });
    const other = await stranger.post(`/api/v1/sessions/${items[1]?.id}`, undefined, 'DELETE');
    expect(await codeOf(other)).toBe('session-unknown');
  });

  it('ends by signing out, and its cookie is taken back', async () => {
    const browser = await signedIn(api, 'leaving', { role: 'viewer' });
    const { cookie } = browser;
    expect((await browser.post('/api/v1/session', undefined, 'DELETE')).status).toBe(204);
    expect(browser.setCookie).toMatch(/Max-Age=0/);
    const after = await fetch(`${api.baseUrl}/api/v1/calls`, { headers: { cookie: cookie ?? '' } });
    expect(after.status).toBe(401);
  });

  it('survives a new password, and the others of the account do not', async () => {
    const here = await signedIn(api, 'careful', { role: 'viewer' });
    const there = new Browser(api.baseUrl);
    await there.signIn('careful');
    const wrong = await here.post('/api/v1/session/password', {
      current: 'no',
      password: 'another long one',
    });
    expect(await codeOf(wrong)).toBe('password-wrong');
    const change = { current: password, password: 'another long one' };
    expect((await here.post('/api/v1/session/password', change)).status).toBe(204);
    expect((await here.ask('/api/v1/calls')).status).toBe(200);
    expect((await there.ask('/api/v1/calls')).status).toBe(401);
    expect((await there.signIn('careful')).status).toBe(401);
    expect((await there.signIn('careful', 'another long one')).status).toBe(200);
  });
});

describe('a change by cookie', () => {
  it.each([
    ['without the token of the session', { 'x-csrf-token': '' }],
    ['with the token of another', { 'x-csrf-token': 'A'.repeat(43) }],
    ['from a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['from a page of a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['with another Origin', { origin: 'https://evil.example' }],
    ['with an Origin that says nothing', { origin: 'null' }],
  ])('is refused %s', async (_how, headers) => {
    const name = `csrf-${Object.values(headers)[0]}`;
    const browser = await signedIn(api, name, { role: 'administrator' });
    const refused = await browser.ask('/api/v1/keys', {
      method: 'POST',
      body: '{"name":"stolen","scopes":["view"]}',
      headers,
    });
    expect(refused.status).toBe(403);
    expect(await codeOf(refused)).toBe('csrf-refused');
    expect((await api.store.apiKeys.list()).map(({ name: made }) => made)).not.toContain('stolen');
  });

  it('is taken from a page of ours, under the public address and under the one that was asked', async () => {
    const browser = await signedIn(api, 'ours', { role: 'viewer' });
    for (const origin of ['https://earshot.example', api.baseUrl]) {
      const made = await browser.ask('/api/v1/views', {
        method: 'POST',
        body: JSON.stringify({ name: 'mine', query: '' }),
        headers: { origin },
      });
      expect(made.status).toBe(201);
    }
  });

  it('needs nothing of the kind by key', async () => {
    const made = await api.ask('/api/v1/keys', {
      method: 'POST',
      body: '{"name":"made","scopes":["view"]}',
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });
    expect(made.status).toBe(201);
  });

  it('cannot be a sign-in from another site', async () => {
    const refused = await new Browser(api.baseUrl, { 'sec-fetch-site': 'cross-site' }).signIn('ada');
    expect(await codeOf(refused)).toBe('csrf-refused');
  });
});

describe('failures to sign in', () => {
  afterEach(() => {
    api.clock.now += dayMs + 1;
  });

  it('cost more and more time after the fifth, for the right password as well', async () => {
    await makeAccount(api, 'guessed', { role: 'viewer' });
    const browser = new Browser(api.baseUrl);
    for (let guess = 0; guess < 5; guess++) {
      expect((await browser.signIn('guessed', `guess ${guess}`)).status).toBe(401);
    }
    const waits: number[] = [];
    for (let guess = 0; guess < 12; guess++) {
      const held = await browser.signIn('GUESSED');
      expect(held.status).toBe(429);
      expect(await codeOf(held)).toBe('sign-in-throttled');
      waits.push(Number(held.headers.get('retry-after')));
      api.clock.now += (waits.at(-1) ?? 0) * 1000;
      expect((await browser.signIn('guessed', `later ${guess}`)).status).toBe(401);
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
    api.clock.now += 900_000;
    expect((await browser.signIn('guessed')).status).toBe(200);
    // The name begins anew at this address; the address goes on being counted.
    const pair = JSON.stringify(['name guessed', 'address 127.0.0.1']);
    expect(await api.store.signInFailures.since(pair, 0)).toEqual([]);
    expect(await api.store.signInFailures.since('address 127.0.0.1', 0)).not.toEqual([]);
  });

  it('cannot be outrun by guessing at once', async () => {
    await makeAccount(api, 'rushed', { role: 'viewer' });
    const guesses = Array.from({ length: 30 }, (_, guess) =>
      new Browser(api.baseUrl).signIn('rushed', `${guess}`),
    );
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(25);
  });

  it('are counted for the address as well, whatever the names', async () => {
    await makeAccount(api, 'innocent', { role: 'viewer' });
    for (let guess = 0; guess < 20; guess++) {
      expect((await new Browser(api.baseUrl).signIn(`name-${guess}`)).status).toBe(401);
    }
    expect((await new Browser(api.baseUrl).signIn('innocent')).status).toBe(429);
  });

  describe('behind a proxy', () => {
    let proxied: TestApi;
    beforeAll(async () => {
      proxied = await openTestApi({ server: { trustedProxies: ['127.0.0.0/8'] } });
      await makeAccount(proxied, 'Grace', { role: 'viewer' });
    });
    afterAll(() => proxied.close());

    const from = (address: string) => new Browser(proxied.baseUrl, { 'x-forwarded-for': address });

    it('keep nobody out who signs in from elsewhere, however many there were', async () => {
      for (let guess = 0; guess < 60; guess++) {
        expect((await from(`198.51.100.${guess}`).signIn('grace', `guess ${guess}`)).status).toBe(401);
      }
      expect((await from('203.0.113.7').signIn('Grace')).status).toBe(200);
      // Nor do other people at the address of whoever guesses, unless that goes on.
      await makeAccount(proxied, 'Edsger', { role: 'viewer' });
      expect((await from('198.51.100.1').signIn('Edsger')).status).toBe(200);
    });

    it('leave each further address one free guess at a name that is guessed at', async () => {
      const guesser = from('198.51.100.200');
      expect((await guesser.signIn('grace', 'guess')).status).toBe(401);
      expect((await guesser.signIn('grace', 'guess')).status).toBe(429);
      expect((await from('198.51.100.201').signIn('nobody guesses this', 'guess')).status).toBe(401);
    });

    it('take nobody else from their turn: one address has few places in the queue, and none while it has to wait', async () => {
      const crowd = Array.from({ length: 150 }, (_, n) => from('192.0.2.66').signIn(`name ${n}`, 'guess'));
      const others = Array.from({ length: 8 }, (_, n) => from(`192.0.2.${n}`).signIn('Grace'));
      expect((await Promise.all(others)).map(({ status }) => status)).toEqual(Array(8).fill(200));
      const refused = (await Promise.all(crowd)).filter(({ status }) => status === 429);
      expect(refused.length).toBeGreaterThanOrEqual(130);
    });
  });
});
