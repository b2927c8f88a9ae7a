import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCalls, readFeed, readStatus, untilSettled } from '../support/api-reader.js';
import { openPushSender, isKept } from '../support/push-sender.js';
import { openServerProcesses, type ServerProcesses } from '../support/server-process.js';
import { createDatabase, type TemporaryDatabase } from '../support/temporary-database.js';
import { until } from '../support/until.js';

let database: TemporaryDatabase;
let processes: ServerProcesses;
beforeEach(async () => {
  database = await createDatabase();
  processes = await openServerProcesses();
});
afterEach(async () => {
  await processes.close();
  await database.drop();
});

const message = (number: number) =>
  JSON.stringify({ callId: `call-${number}`, outId: '1', statusCode: '200010' });

describe('two processes on one PostgreSQL', () => {
  it('both take pushes; each shows what either took, and nothing is twice', { timeout: 60_000 }, async () => {
    const servers = ['a', 'b'].map((name) =>
      processes.spawn({
        dataDir: join(processes.dataDir, name),
        settings: { EARSHOT_DATABASE_URL: database.url },
      }),
    );
    const urls = await Promise.all(servers.map(({ url }) => url));
    const senders = urls.map((url) => openPushSender(url));
    // Every message goes to both: as a platform does that had no answer from the first.
    for (let number = 0; number < 40; number += 2) {
      const body = `[${message(number)},${message(number + 1)}]`;
      const answers = await Promise.all(senders.map((sender) => sender.push(body)));
      expect(answers.every(isKept)).toBe(true);
    }
    for (const sender of senders) sender.close();
    for (const url of urls) {
      await untilSettled(url);
      expect(await readFeed(url)).toHaveLength(40);
      expect(await readCalls(url)).toHaveLength(40);
    }
    const [url = ''] = urls;
    const status = await until(
      async () => {
        const now = await readStatus(url);
        return now.processes.flatMap(({ duties }) => duties).length === 3 && now;
      },
      { what: 'every duty is held' },
    );
    expect(status.store).toMatchObject({ kind: 'postgres', state: 'reachable' });
    expect(status.processes).toHaveLength(2);
  });
});
