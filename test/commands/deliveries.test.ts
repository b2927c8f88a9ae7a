import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Delivery, DeliveryDetail } from '../../src/contract/deliveries.js';
import type { EndpointTest } from '../../src/contract/endpoints.js';
import { createLocalPeers } from '../support/local-peers.js';
import { openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

const peers = createLocalPeers();
const status = { answered: 500 };
let processes: ServerProcesses;
let url: string;
let receiver: string;
beforeAll(async () => {
  const port = await peers.serve((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(status.answered, { 'content-type': 'application/json' }).end('{"code":0}');
    });
  });
  receiver = `http://127.0.0.1:${port}/push?token=kept-to-itself`;
  processes = await openServerProcesses();
  url = await processes.spawn({ settings: { EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8' } }).url;
});
afterAll(async () => {
  await processes.close();
  await peers.close();
});

const run = (...command: string[]) => processes.run(...command, '--port', new URL(url).port);

async function runJson<Answer>(...command: string[]): Promise<Answer> {
  const { stdout, words } = await run(...command, '--json');
  if (stdout === '') throw new Error(words);
  return JSON.parse(stdout) as Answer;
}

// Programs are started one after the other.
it('earshot delivery shows what became of a push, and sends again what is dead', async () => {
  const added = await run('endpoint', 'add', receiver, '--retry-schedule', '', '--timeout-ms', '10000');
  const endpointId = added.stdout.trim();
  const tested = await run('endpoint', 'test', endpointId);
  expect([tested.code, tested.stdout]).toEqual([1, expect.stringContaining('HTTP 500 from 127.0.0.1')]);
  expect(tested.words).toContain('server-error');

  const body = '[{"callId":"1^1","recordFile":"","duration":3}]';
  expect((await fetch(`${url}/push/${pushToken}`, { method: 'POST', body })).status).toBe(200);
  const list = (state: string) =>
    runJson<Delivery[]>('delivery', 'list', '--endpoint', endpointId, '--state', state);
  const dead = await until(async () => (await list('dead'))[0], { what: 'a dead delivery' });
  const shown = await run('delivery', 'show', dead.id);
  expect(shown.stdout).toMatch(/ retry +server-error +500 +\d+ ms +\{"code":0\}$/m);
  expect(shown.stdout).not.toContain('kept-to-itself');
  const table = await run('delivery', 'list');
  expect(table.stdout).toMatch(new RegExp(`^${dead.id} +${endpointId} +dead +1 +1 +server-error `, 'm'));

  status.answered = 200;
  const accepted = await runJson<EndpointTest>('endpoint', 'test', endpointId);
  expect(accepted).toMatchObject({ outcome: 'ok', request: { url: receiver.split('?')[0] } });
  const again = await run('delivery', 'replay', dead.id);
  const delivered = await until(async () => (await list('delivered'))[0], { what: 'a delivered one' });
  expect(delivered).toMatchObject({ id: again.stdout.trim(), replayOf: dead.id, count: 1 });
  const detail = await runJson<DeliveryDetail>('delivery', 'show', dead.id);
  expect(detail).toMatchObject({ state: 'dead', replayedAs: delivered.id, seqs: [1] });
  const nothing = await run('acknowledge', '--dead', '--reason', 'the receiver is gone');
  expect([nothing.code, nothing.words]).toEqual([0, expect.stringContaining('nothing to acknowledge')]);
  const refused = await run('acknowledge', dead.id, '--reason', 'the receiver is gone');
  expect([refused.code, refused.words]).toEqual([1, expect.stringContaining('delivery-not-waiting')]);

  const preview = await run('endpoint', 'replay', endpointId, '--after-seq', '0', '--preview');
  expect([preview.stdout, preview.words]).toEqual(['1\n', expect.stringContaining('1 message ')]);
  const replayed = await runJson<object>('endpoint', 'replay', endpointId, '--after-seq', '0', '--wait');
  expect(replayed).toMatchObject({ kind: 'window', state: 'done', deliveries: 1, messages: 1 });
});
