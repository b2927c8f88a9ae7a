import type { TestProject } from 'vitest/node';
import { findPostgres, startPostgres } from './postgres-server.js';

/** vitest's global set-up: one PostgreSQL for all test files, each of which makes databases of its own in it. */
export default async function sharePostgres(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  if (findPostgres() === undefined) {
    process.stderr.write(
      'PostgreSQL is not on this machine: what needs it fails (apt-get install postgresql).\n',
    );
    return undefined;
  }
  const server = await startPostgres();
  project.provide('postgresUrl', server.url());
  return () => server.close();
}

declare module 'vitest' {
  export interface ProvidedContext {
    /** Of the shared server's database `postgres`; see temporary-database.ts. */
    postgresUrl: string;
  }
}
