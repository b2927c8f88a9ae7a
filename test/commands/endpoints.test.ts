import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/contract/deliveries.js';
import type { EndpointDetail } from '../../src/contract/endpoints.js';
import { openServerProcesses, type ServerProcesses } from '../support/server-process.js';

let processes: ServerProcesses;
let port: string;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'earshot-endpoints-'));
  processes = await openServerProcesses();
  port = new URL(await processes.spawn().url).port;
});
afterAll(async () => {
  await processes.close();
  await rm(folder, { recursive: true, force: true });
});

const run = (...command: string[]) => processes.run(...command, '--port', port);

async function runJson<Answer>(...command: string[]): Promise<Answer> {
  const { stdout, code, words } = await run(...command, '--json');
  if (code !== 0) throw new Error(words);
  return JSON.parse(stdout) as Answer;
}

const show = (id: string) => runJson<EndpointDetail>('endpoint', 'show', id);

describe('earshot endpoint', () => {
  it('adds an endpoint with every setting by flag, and prints its id', async () => {
    const password = join(folder, 'password');
    await writeFile(password, 'correct horse\n');
    const added = await run(
      ...['endpoint', 'add', 'https://receiver.example/push', '--name', 'mine', '--start', 'beginning'],
      ...['--types', 'AlicomAgentCallRecord,AlicomAgentCallNote', '--when', 'archived'],
      ...['--record-file', 'archived', '--task-id', '118', '--min-duration', '5'],
      ...['--batch-size', '10', '--linger-ms', '0', '--timeout-ms', '5000', '--concurrency', '4'],
      ...['--rate-per-second', '2.5', '--retry-schedule', '1,2.5', '--jitter', '0.5', '--retry-after'],
      ...['--no-halving', '--gzip', '--header', 'X-Tenant: a:b', '--header', 'X-Other:c'],
      ...['--user', 'u', '--password-file', password],
    );
    expect([added.code, added.words]).toEqual([0, expect.stringContaining('signing secret')]);
    const id = added.stdout.trim();
    expect(await show(id)).toMatchObject({
      id,
      name: 'mine',
      start: 'beginning',
      types: ['AlicomAgentCallRecord', 'AlicomAgentCallNote'],
      when: 'archived',
      recordFile: 'archived',
      filter: { taskId: '118', minDurationSeconds: 5 },
      ...{ batchSize: 10, lingerMs: 0, timeoutMs: 5000, concurrency: 4, ratePerSecond: 2.5 },
      ...{ retrySchedule: [1, 2.5], jitter: 0.5, retryAfter: true, halving: false, gzip: true },
      headers: { 'X-Tenant': 'a:b', 'X-Other': 'c' },
      auth: { type: 'basic', username: 'u' },
    });
    const listed = await run('endpoint', 'list');
    expect(listed.stdout).toMatch(new RegExp(`^${id} +active +0 +mine +https://receiver.example/push$`, 'm'));
    const shown = await run('endpoint', 'show', id);
    expect(shown.stdout).toMatch(/^signing secret +whsec_/m);
    expect(shown.stdout + added.words).not.toContain('correct horse');
  });

  it('changes what is named and leaves the rest', async () => {
    const { id } = await runJson<EndpointDetail>(
      ...['endpoint', 'add', 'https://receiver.example/', '--task-id', '1', '--rate-per-second', '5'],
    );
    await runJson('endpoint', 'set', id, '--batch-id', '2', '--no-rate-per-second', '--batch-size', '7');
    const changed = await show(id);
    expect(changed).toMatchObject({ filter: { taskId: '1', batchId: '2' }, batchSize: 7 });
    expect(changed).not.toHaveProperty('ratePerSecond');
    await runJson(
      'endpoint',
      'set',
      id,
      '--no-filter',
      '--retry-schedule',
      '',
      '--url',
      'https://other.example/',
    );
    expect(await show(id)).toMatchObject({ filter: {}, retrySchedule: [], url: 'https://other.example/' });
    const nothing = await run('endpoint', 'set', id);
    expect([nothing.code, nothing.words]).toEqual([2, expect.stringContaining('no setting is named')]);
  });

  it('pauses, resumes, makes a new secret, and removes', async () => {
    const { id, secrets } = await runJson<EndpointDetail>('endpoint', 'add', 'https://receiver.example/');
    expect(await runJson('endpoint', 'pause', id)).toMatchObject({ state: 'paused' });
    expect(await runJson('endpoint', 'resume', id)).toMatchObject({ state: 'active' });
    const rotated = await run('endpoint', 'rotate-secret', id, '--overlap', '60');
    expect((await show(id)).secrets).toEqual([rotated.stdout.trim(), ...secrets]);
    expect((await run('endpoint', 'remove', id)).code).toBe(0);
    const gone = await run('endpoint', 'show', id);
    expect([gone.code, gone.stdout, gone.words]).toEqual([
      1,
      '',
      expect.stringContaining('endpoint-unknown'),
    ]);
  });

  it.each([
    [['endpoint', 'add', 'ftp://receiver.example'], 2, 'http://'],
    [['endpoint', 'add', 'http://127.0.0.1:1/'], 1, 'EARSHOT_ENDPOINT_NETWORKS'],
    [['endpoint', 'add', 'https://receiver.example', '--batch-size', '0'], 2, '`batchSize`'],
    [['endpoint', 'add', 'https://receiver.example', '--batch-size', 'many'], 2, 'no number'],
    [['endpoint', 'add', 'https://receiver.example', '--header', 'nonsense'], 2, '"name: value"'],
    [['endpoint', 'add', 'https://receiver.example', '--user', 'u'], 2, '--password-file'],
    [['endpoint', 'add', 'https://receiver.example', '--token-file', '/nowhere'], 2, '/nowhere'],
    [['delivery', 'list', '--state', 'lost'], 2, '`state`'],
    [['delivery', 'show', 'nobody'], 1, 'delivery-unknown'],
  ])('says what is wrong with %j', async (command, code, sentence) => {
    const refused = await run(...command);
    expect([refused.code, refused.stdout, refused.words]).toEqual([
      code,
      '',
      expect.stringContaining(sentence),
    ]);
  });

  it('says that no server answers', async () => {
    const unreachable = await processes.run('endpoint', 'list', '--port', '1');
    expect([unreachable.code, unreachable.words]).toEqual([1, expect.stringContaining('earshot serve')]);
  });
});

describe('earshot endpoint replay', () => {
  it('counts first, and waits until all of it is in deliveries', async () => {
    const { id } = await runJson<EndpointDetail>('endpoint', 'add', 'https://receiver.example/');
    const preview = await run('endpoint', 'replay', id, '--preview');
    expect([preview.code, preview.stdout]).toEqual([0, '0\n']);
    expect(await runJson('endpoint', 'replay', id, '--wait')).toMatchObject({ kind: 'dead', state: 'done' });
    const ofReason = await runJson('endpoint', 'replay', id, '--reason', 'timeout');
    expect(ofReason).toMatchObject({ kind: 'dead', reason: 'timeout', state: 'done' });
    expect((await run('replay', 'list', id)).stdout).toContain('dead (timeout)');
    const [replay] = await runJson<{ id: string }[]>('replay', 'list', id);
    const shown = await run('replay', 'show', replay?.id ?? '');
    expect(shown.stdout).toContain('is done');
    expect(await runJson<Delivery[]>('delivery', 'list', '--endpoint', id)).toEqual([]);
  });
});
