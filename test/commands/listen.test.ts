import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from '../../src/contract/client.js';
import type { ReceiverPush } from '../../src/simulator/receiver/receiver.js';
import { apiKey, openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

let processes: ServerProcesses | undefined;

afterEach(async () => {
  await processes?.close();
  processes = undefined;
});

const push = (url: string, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { 'webhook-id': 'msg_1' } });

describe('earshot listen', () => {
  it('prints what comes, a repetition as one, and nothing that moves the cursor', async () => {
    processes = await openServerProcesses();
    const listener = processes.start('listen', '--port', '0', '--count', '2');
    const url = await listener.url;
    await push(url, '[{"callId":"a\\u001b[2J^1","recordFile":""}]');
    await push(url, '[5]');
    expect(await listener.exited).toEqual({ code: 0, signal: null });
    expect(listener.words()).toMatch(/#1 {2}1 message in \d+ bytes, webhook-id msg_1, answered 200/);
    expect(listener.words()).toContain('callIds a\\u001b[2J^1');
    expect(listener.words()).toMatch(/#2 .*REPEATED, time 2/);
    expect(listener.words()).toContain('number 0 is no message: not-an-object');
  });

  it('prints JSON for programs, and stops when it is told to', async () => {
    processes = await openServerProcesses();
    const listener = processes.start('listen', '--port', '0', '--json', '--status', '503');
    const answer = await push(await listener.url, '[]');
    expect(answer.status).toBe(503);
    await until(() => listener.words().includes('answered"'), { what: 'the end of the push' });
    expect(await listener.stop()).toEqual({ code: 0, signal: null });
    const lines = listener
      .words()
      .split('\n')
      .filter((line) => line.startsWith('{'));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { kind: 'push', number: 1, webhookId: 'msg_1', messages: 0, answer: 503 },
      { kind: 'end', number: 1, how: 'answered' },
    ]);
  });

  it('shows how Earshot signs its pushes, and repeats what was not acknowledged', async () => {
    processes = await openServerProcesses();
    const settings = { EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8' };
    const serverUrl = await processes.spawn({ settings }).url;
    const { endpoints } = createClient({ baseUrl: serverUrl, apiKey });
    const retries = Array.from({ length: 10 }, () => 0.1);
    const { id } = await endpoints.create({ url: 'http://127.0.0.1:1', retrySchedule: retries });
    const [secret = ''] = (await endpoints.get(id)).secrets;
    const bad = ['--fail', '0.5', '--seed', '3'];
    const listener = processes.start('listen', '--port', '0', '--json', '--secret', secret, ...bad);
    await endpoints.change(id, { url: `${await listener.url}/push` });
    const told = (): ReceiverPush[] => {
      const lines = listener
        .words()
        .split('\n')
        .filter((line) => line.startsWith('{"kind":"push"'));
      return lines.map((line) => JSON.parse(line) as ReceiverPush);
    };
    for (const call of [1, 2, 3]) {
      await push(`${serverUrl}/push/${pushToken}`, `[{"callId":"${call}","recordFile":""}]`);
      const isThrough = () =>
        told().some(({ callIds, answer }) => callIds[0] === String(call) && answer === 200);
      await until(isThrough, { what: `call ${call}, acknowledged` });
    }
    // Of this seed's first four answers the third is bad.
    expect(
      told().map(({ callIds, times, answer, signature }) => [callIds[0], times, answer, signature]),
    ).toEqual([
      ['1', 1, 200, 'valid'],
      ['2', 1, 200, 'valid'],
      ['3', 1, 500, 'valid'],
      ['3', 2, 200, 'valid'],
    ]);
  });

  it('says what is wrong with how it was called, or with the port', async () => {
    processes = await openServerProcesses();
    expect(await processes.run('listen', '--fail', '7')).toMatchObject({ code: 2 });
    const listener = processes.start('listen', '--port', '0');
    const { port } = new URL(await listener.url);
    const second = await processes.run('listen', '--port', port);
    expect(second).toMatchObject({ code: 1 });
    expect(second.words).toContain('[address-in-use]');
  });
});
