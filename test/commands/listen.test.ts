import { afterEach, describe, expect, it } from 'vitest';
import { openServerProcesses, type ServerProcesses } from '../support/server-process.js';
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
