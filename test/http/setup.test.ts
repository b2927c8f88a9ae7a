import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOfToken } from '../../src/access/session-service.js';
import type { SessionState } from '../../src/contract/session.js';
import { Browser, password } from './browser.js';
import { openTestApi, type TestApi } from './open-test-api.js';

const token = 'token-that-a-start-has-printed';

let api: TestApi;
let browser: Browser;
beforeEach(async () => {
  api = await openTestApi();
  browser = new Browser(api.baseUrl);
  await api.store.setup.addToken(hashOfToken(token), api.clock.now);
});
afterEach(() => api.close());

const first = (name: string, by = token) => ({ token: by, name, password });

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { code: string }).code;
}

describe('the first account', () => {
  it('is made by the link of a start, is an administrator, and is signed in', async () => {
    expect(await browser.askJson('/api/v1/session')).toMatchObject({ setupNeeded: true });
    const made = await browser.post('/api/v1/setup', first('Ada'));
    expect(made.status).toBe(201);
    expect(await made.json()).toMatchObject({
      setupNeeded: false,
      account: { name: 'Ada', role: 'administrator' },
    });
    expect((await browser.ask('/api/v1/people')).status).toBe(200);
    const { items } = await api.store.auditLogReader.list({ limit: 10 });
    expect(items.map(({ action, actor }) => [action, actor.name])).toEqual([
      ['session.opened', 'Ada'],
      ['account.created', 'Ada'],
    ]);
    expect(JSON.stringify(items) + api.logLines.join('')).not.toContain(token);
  });

  it('can be made once: the link of every start is dead then', async () => {
    await api.store.setup.addToken(hashOfToken('of-another-start'), api.clock.now);
    await browser.post('/api/v1/setup', first('Ada'));
    for (const by of [token, 'of-another-start', 'made up']) {
      const again = await new Browser(api.baseUrl).post('/api/v1/setup', first('Eve', by));
      expect(again.status).toBe(410);
      expect(await codeOf(again)).toBe('setup-done');
    }
    expect(await api.store.accounts.list()).toHaveLength(1);
  });

  it('is one, however many ask at once', async () => {
    const names = ['Ada', 'Eve', 'Bob', 'Zoe', 'Kim'];
    const answers = await Promise.all(
      names.map((name) => new Browser(api.baseUrl).post('/api/v1/setup', first(name))),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 410, 410, 410, 410]);
    const [account, ...others] = await api.store.accounts.list();
    expect(others).toEqual([]);
    const won = answers.find(({ status }) => status === 201);
    expect(((await won!.json()) as SessionState).account?.name).toBe(account?.name);
  });

  it('is made by nobody who has no link, and not with a short password', async () => {
    const unknown = await browser.post('/api/v1/setup', first('Eve', 'guessed'));
    expect([unknown.status, await codeOf(unknown)]).toEqual([403, 'setup-token-unknown']);
    const common = await browser.post('/api/v1/setup', { ...first('Ada'), password: 'password12' });
    expect(((await common.json()) as { code: string }).code).toBe('password-common');
    const short = await browser.post('/api/v1/setup', { ...first('Ada'), password: 'short' });
    expect([short.status, await codeOf(short)]).toEqual([400, 'body-invalid']);
    const foreign = await browser.ask('/api/v1/setup', {
      method: 'POST',
      body: JSON.stringify(first('Ada')),
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(await codeOf(foreign)).toBe('csrf-refused');
    expect(await api.store.setup.isNeeded()).toBe(true);
  });
});
