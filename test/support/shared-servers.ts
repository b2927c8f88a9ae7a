import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { openPostgresStore } from '../../src/store/postgres/open-postgres-store.js';
import { startPostgres } from './postgres-server.js';
import { startS3Server } from './s3-server.js';

/** What a server is reached by; see what it is shared for. */
interface SharedServers {
  /** Of the database `postgres`, and the name of one whose schema is there already; see temporary-database.ts. */
  readonly postgres: { readonly url: string; readonly template: string };
  /** Gateway of the S3 server; see s3-server.ts. */
  readonly s3: { readonly port: number };
}

interface Started<Name extends keyof SharedServers> {
  readonly facts: SharedServers[Name];
  close(): Promise<void>;
}

const starts: { readonly [Name in keyof SharedServers]: () => Promise<Started<Name>> } = {
  postgres: async () => {
    const server = await startPostgres();
    const url = await server.createDatabase();
    const store = openPostgresStore({ url, connections: 1 });
    await store.prepare();
    await store.close();
    const facts = { url: server.url(), template: new URL(url).pathname.slice(1) };
    return { facts, close: () => server.close() };
  },
  s3: async () => {
    const server = await startS3Server();
    return { facts: { port: server.port }, close: () => server.close() };
  },
};

/** Asks the process that runs the tests, which starts the server for the first who asks. */
export async function sharedServer<Name extends keyof SharedServers>(
  name: Name,
): Promise<SharedServers[Name]> {
  const response = await fetch(`${inject('sharedServersUrl')}/${name}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as SharedServers[Name];
}

/**
 * vitest's global set-up: one server of a kind for all test files, which take databases and buckets of their own in it.
 * None is started before a file asks for it.
 */
export default async function shareServers(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<Started<keyof SharedServers>>>();
  const start = (name: string): Promise<Started<keyof SharedServers>> => {
    const running = started.get(name) ?? starts[name as keyof SharedServers]();
    started.set(name, running);
    return running;
  };
  const desk = createServer((request, response) => {
    start((request.url ?? '').slice(1)).then(
      ({ facts }) => response.end(JSON.stringify(facts)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await once(desk.listen(0, '127.0.0.1'), 'listening');
  project.provide('sharedServersUrl', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`);
  return async () => {
    desk.close();
    for (const server of await Promise.allSettled(started.values())) {
      if (server.status === 'fulfilled') await server.value.close();
    }
  };
}

declare module 'vitest' {
  export interface ProvidedContext {
    sharedServersUrl: string;
  }
}
