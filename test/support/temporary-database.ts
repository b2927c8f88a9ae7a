import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { sharedServer } from './shared-servers.js';

export interface TemporaryDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database in the server that all test files share. */
export async function createDatabase(): Promise<TemporaryDatabase> {
  const { url } = await sharedServer('postgres');
  return create(url, 'template1');
}

/** The same with Earshot's tables in it, as `prepare` leaves them: a copy, which takes a fraction of the time. */
export async function createPreparedDatabase(): Promise<TemporaryDatabase> {
  const { url, template } = await sharedServer('postgres');
  return create(url, template);
}

async function create(shared: string, template: string): Promise<TemporaryDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await ask(shared, `CREATE DATABASE ${name} TEMPLATE ${template}`);
  const url = new URL(shared);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => ask(shared, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
