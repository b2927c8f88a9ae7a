import { afterEach, beforeEach, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import { readStatus } from '../support/api-reader.js';
import { recordOf } from '../support/make-message.js';
import { apiKey, openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

const settings = { EARSHOT_LOG_LEVEL: 'debug', EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8' };

let processes: ServerProcesses;
beforeEach(async () => {
  processes = await openServerProcesses();
});
afterEach(() => processes.close());

it('starts the threads that may never have anything to do with their first work', async () => {
  const server = processes.spawn({ settings });
  const url = await server.url;
  const started = () =>
    [...server.words().matchAll(/"thread":"(\w+)","msg":"A thread starts/g)].map((match) => match[1]);
  const client = createClient({ baseUrl: url, apiKey });
  await fetch(`${url}/push/${pushToken}`, {
    method: 'POST',
    body: JSON.stringify([recordOf('a', { recordFile: '' })]),
  });
  // Entries without audio are passed by, and nothing looks as if it were behind.
  await until(
    async () => {
      const { journal, consumers } = await readStatus(url);
      return journal.lastSeq > 0 && consumers.every(({ lag }) => lag === 0);
    },
    { what: 'every consumer is at the end of the journal' },
  );
  expect(started()).toEqual([]);

  await client.endpoints.create({ url: 'http://127.0.0.1:9/' });
  await until(() => Promise.resolve(started().includes('deliver')), { what: 'the dispatcher starts' });
  expect(started()).toEqual(['deliver']);

  // After a restart, what there is to do is found without anybody saying so.
  await server.stop();
  const second = processes.spawn({ settings });
  await second.url;
  await until(() => Promise.resolve(second.words().includes('"thread":"deliver","msg":"A thread starts')), {
    what: 'the dispatcher starts again',
  });
});
