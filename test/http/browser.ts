import type { SessionState } from '../../src/contract/session.js';
import { hashPassword } from '../../src/access/passwords.js';
import type { Grant } from '../../src/domain/rights.js';
import type { TestApi } from './open-test-api.js';

export const password = 'a long enough password';

/** What a browser does for a page of ours: keeps the cookie, says where requests come from, sends the token back. */
export class Browser {
  cookie: string | undefined;
  csrfToken: string | undefined;
  /** As the last answer set it, with its attributes. */
  setCookie: string | undefined;

  constructor(
    private readonly baseUrl: string,
    private readonly ownHeaders: Readonly<Record<string, string>> = {},
  ) {}

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ 'sec-fetch-site': 'same-origin', ...this.ownHeaders });
    if (this.cookie !== undefined) headers.set('cookie', this.cookie);
    if (init.method !== undefined && this.csrfToken !== undefined)
      headers.set('x-csrf-token', this.csrfToken);
    for (const [name, value] of new Headers(init.headers)) headers.set(name, value);
    const response = await fetch(this.baseUrl + path, { redirect: 'manual', ...init, headers });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) this.#keep(set);
    return response;
  }

  async askJson<T>(path: string, init: RequestInit = {}): Promise<T> {
    const response = await this.ask(path, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  post(path: string, body?: object, method = 'POST'): Promise<Response> {
    return this.ask(path, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  }

  async signIn(name: string, word = password): Promise<Response> {
    const response = await this.post('/api/v1/session', { name, password: word });
    if (response.ok) this.csrfToken = ((await response.clone().json()) as SessionState).csrfToken;
    return response;
  }

  #keep(set: string): void {
    this.setCookie = set;
    const pair = set.split(';', 1)[0];
    this.cookie = /Max-Age=0/i.test(set) ? undefined : pair;
  }
}

let hashed: Promise<string> | undefined;

/** An account with `password`, as the store has it. */
export async function makeAccount(api: TestApi, name: string, grant: Grant) {
  const passwordHash = await (hashed ??= hashPassword(password));
  const made = await api.store.accounts.create({
    ...{ id: `account-${name}`, name, ...grant, passwordHash },
    now: api.clock.now,
  });
  if (made === 'name-taken') throw new Error(`there is a ${name} already`);
  return made;
}

export async function signedIn(api: TestApi, name: string, grant: Grant): Promise<Browser> {
  await makeAccount(api, name, grant);
  const browser = new Browser(api.baseUrl);
  const answer = await browser.signIn(name);
  if (!answer.ok) throw new Error(await answer.text());
  return browser;
}
