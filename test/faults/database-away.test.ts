import { afterAll, beforeAll, beforeEach, describe, it } from 'vitest';
import { startPostgres, type PostgresServer } from '../support/postgres-server.js';
import { expectNoneFailed, openServerUnderLoad } from './server-under-load.js';
import { rounds } from '../support/test-run.js';

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.close());
// Whatever became of the test before.
beforeEach(() => postgres.start());

describe('a server whose database goes away under load', () => {
  const ends = [
    ['is killed with every process of it', 'kill'],
    ['is stopped', 'fast'],
    ['crashes', 'immediate'],
  ] as const;
  it.each(ends.slice(0, rounds(1, 3)))(
    'acknowledges on while it %s, and is whole when it is back',
    async (_what, how) => {
      const server = await openServerUnderLoad(await postgres.createDatabase());
      await postgres.stop(how);
      await server.untilSpooling();
      await postgres.start();
      await server.untilBack();
      await expectNoneFailed(server.load, server.url);
      await server.finish();
    },
  );

  it('does so again and again', async () => {
    const server = await openServerUnderLoad(await postgres.createDatabase());
    for (let round = 0; round < 3; round++) {
      await postgres.stop('immediate');
      await server.load.acknowledges(50);
      await postgres.start();
      await server.load.acknowledges(50);
    }
    await server.untilBack();
    await expectNoneFailed(server.load, server.url);
    await server.finish();
  });
});
