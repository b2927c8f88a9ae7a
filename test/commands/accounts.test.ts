import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKeyList } from '../../src/contract/keys.js';
import type { SessionState } from '../../src/contract/session.js';
import { apiKey, openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

const entry = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const word = 'a long enough password';

let processes: ServerProcesses;
let url: string;
let server: ReturnType<ServerProcesses['spawn']>;
beforeAll(async () => {
  processes = await openServerProcesses();
  server = processes.spawn();
  url = await server.url;
});
afterAll(() => processes.close());

/** A command with something on its standard input. */
async function runWith(input: string, ...command: string[]) {
  const env = { PATH: process.env['PATH'] ?? '', EARSHOT_DATA_DIR: processes.dataDir };
  const child = spawn(process.execPath, [entry, ...command], { env, cwd: join(processes.dataDir, '..') });
  let stdout = '';
  let words = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  child.stdin.end(input);
  const [code] = (await once(child, 'close')) as [number];
  return { code, stdout, words };
}

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url + path, { method: 'POST', body: JSON.stringify(body), headers });

describe('a first start', () => {
  it('names the command that prints a link, which makes the first account, once', async () => {
    await until(() => server.words().includes('`earshot account setup-link`'), { what: 'it says so' });
    expect(server.words()).not.toContain('#token=');
    const { stdout } = await runWith('', 'account', 'setup-link');
    const token = /^http:\/\/\S+\/setup#token=([\w-]+)\n$/.exec(stdout)?.[1] ?? '';
    const first = await post('/api/v1/setup', { token, name: 'Ada', password: word });
    expect(first.status).toBe(201);
    expect(((await first.json()) as SessionState).account?.role).toBe('administrator');
    expect(first.headers.get('set-cookie')).toMatch(/^earshot_session=/);
    expect((await post('/api/v1/setup', { token, name: 'Eve', password: word })).status).toBe(410);
    const late = await runWith('', 'account', 'setup-link');
    expect([late.code, late.stdout, late.words]).toEqual([1, '', expect.stringContaining('[setup-done]')]);
  });
});

describe('earshot account', () => {
  it('makes and mends accounts beside a running server, with passwords from standard input', async () => {
    const made = await runWith(`${word}\n`, 'account', 'create', 'grace', '--role', 'reviewer');
    expect([made.code, made.stdout]).toEqual([0, expect.stringMatching(/^[\w-]{36}\n$/)]);
    expect((await post('/api/v1/session', { name: 'grace', password: word })).status).toBe(200);
    const changed = await runWith('another long one\n', 'account', 'set-password', 'Grace');
    expect(changed.code).toBe(0);
    expect((await post('/api/v1/session', { name: 'grace', password: word })).status).toBe(401);
    const signedIn = await post('/api/v1/session', { name: 'grace', password: 'another long one' });
    const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(`${url}/api/v1/calls`, { headers: { cookie } })).status).toBe(200);
    const factor = await runWith('', 'account', 'remove-second-factor', 'grace', '--json');
    expect([factor.code, JSON.parse(factor.stdout)]).toEqual([0, { hasSecondFactor: false }]);
    const out = await runWith('', 'account', 'sign-out', 'grace', '--json');
    expect([out.code, JSON.parse(out.stdout)]).toEqual([0, { sessions: 1 }]);
    expect((await fetch(`${url}/api/v1/calls`, { headers: { cookie } })).status).toBe(401);
    const again = await post('/api/v1/session', { name: 'grace', password: 'another long one' });
    expect(again.status).toBe(200);
    expect((await runWith('', 'account', 'disable', 'grace')).code).toBe(0);
    expect((await fetch(`${url}/api/v1/calls`, { headers: { cookie } })).status).toBe(401);
    const listed = await runWith('', 'account', 'list', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject([
      { name: 'Ada', role: 'administrator', isDisabled: false },
      { name: 'grace', role: 'reviewer', isDisabled: true },
    ]);
    expect(made.words + changed.words + listed.stdout).not.toContain(word);
  });

  it.each([
    ['a short password', 'short\n', ['account', 'create', 'short'], 2],
    ['a password that many have', 'password12\n', ['account', 'create', 'common'], 1],
    ['a new password that is the name', 'grace_grace\n', ['account', 'set-password', 'grace'], 1],
    ['a name that is taken', `${word}\n`, ['account', 'create', 'ada'], 1],
    ['a name that nobody has', `${word}\n`, ['account', 'set-password', 'nobody'], 1],
    ['a second factor of nobody', '', ['account', 'remove-second-factor', 'nobody'], 1],
    ['to sign out somebody who is not there', '', ['account', 'sign-out', 'nobody'], 1],
    ['the only administrator', '', ['account', 'disable', 'ada'], 1],
    ['a role that there is not', `${word}\n`, ['account', 'create', 'x', '--role', 'root'], 2],
  ])('refuses %s', async (_what, input, command, code) => {
    expect((await runWith(input, ...command)).code).toBe(code);
  });
});

describe('earshot key', () => {
  it('makes keys that may do what is named, or everything', async () => {
    const some = await runWith('', 'key', 'add', 'some', '--scope', 'view', 'listen');
    const all = await runWith('', 'key', 'add', 'all');
    const statusOf = async (key: string, path: string) =>
      (await fetch(url + path, { headers: { authorization: `Bearer ${key.trim()}` } })).status;
    expect(await statusOf(some.stdout, '/api/v1/calls')).toBe(200);
    expect(await statusOf(some.stdout, '/api/v1/people')).toBe(403);
    expect(await statusOf(all.stdout, '/api/v1/people')).toBe(200);
    const keys = await fetch(`${url}/api/v1/keys`, { headers: { authorization: `Bearer ${apiKey}` } });
    const { items } = (await keys.json()) as ApiKeyList;
    expect(items.map(({ name, scopes }) => [name, scopes.length])).toEqual([
      ['some', 2],
      ['all', 7],
    ]);
    expect((await runWith('', 'key', 'add', 'odd', '--scope', 'everything')).code).toBe(2);
  });
});
