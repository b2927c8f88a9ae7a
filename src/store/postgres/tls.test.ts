import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startPostgres, type PostgresServer } from '../../../test/support/postgres-server.js';
import { Database } from './database.js';

let server: PostgresServer;
let database: Database | undefined;
let authority: string;

/** A certificate that is its own authority, for `localhost` and nothing else. */
function makeCertificate(key: string, certificate: string): void {
  const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const made = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', ...made, ...named], { stdio: 'ignore' });
}

beforeAll(async () => {
  server = await startPostgres();
  const files = { key: join(server.folder, 'server.key'), certificate: join(server.folder, 'server.crt') };
  makeCertificate(files.key, files.certificate);
  const { uid, gid } = statSync(server.folder);
  for (const file of Object.values(files)) {
    chmodSync(file, 0o600);
    chownSync(file, uid, gid);
  }
  authority = files.certificate;
  server.configure('ssl = on');
  await server.stop();
  await server.start();
});
afterEach(async () => {
  await database?.close();
  database = undefined;
});
afterAll(() => server.close());

function open(host: string, query: string): Database {
  const url = server.url().replace('127.0.0.1', host) + query.replace('ITS', authority);
  return (database = new Database({ url, connections: 2, answerWithinMs: 5_000 }));
}

const isEncrypted = async (asked: Database): Promise<unknown> =>
  (await asked.run('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows[0]?.['ssl'];

it('encrypts where the URL says so and the certificate is verified, and not by itself', async () => {
  for (const mode of ['verify-full', 'require']) {
    expect(await isEncrypted(open('localhost', `?sslmode=${mode}&sslrootcert=ITS`))).toBe(true);
    await database?.close();
  }
  expect(await isEncrypted(open('127.0.0.1', '?sslmode=no-verify'))).toBe(true);
  await database?.close();
  expect(await isEncrypted(open('localhost', ''))).toBe(false);
});

it.each([
  ['an authority that nobody knows', 'localhost', '?sslmode=verify-full', /self-signed/],
  ['a certificate of another host', '127.0.0.1', '?sslmode=verify-full&sslrootcert=ITS', /altnames/],
  ['an authority that is not there', 'localhost', '?sslmode=verify-full&sslrootcert=/nowhere.pem', /nowhere/],
])('speaks to no server with %s, and says what is wrong', async (_, host, query, words) => {
  const refused = open(host, query).run('SELECT 1');
  await expect(refused).rejects.toThrow(words);
});
