import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isOnPath } from '../support/is-on-path.js';
import { apiKey, openServerProcesses, pushToken, type ServerProcesses } from '../support/server-process.js';
import { until } from '../support/until.js';

let processes: ServerProcesses;
beforeEach(async () => {
  processes = await openServerProcesses();
});
afterEach(() => processes.close());

const modeOf = (...path: string[]) => statSync(join(processes.dataDir, ...path)).mode & 0o777;

describe('what a start says', () => {
  it('has no secret where nobody reads it at a terminal, and names the commands that print them', async () => {
    const server = processes.spawn();
    const url = await server.url;
    await until(() => server.words().includes('There is no administrator yet'), {
      what: 'it tells of set-up',
    });
    const wrong = await Promise.all(
      ['a', 'b', 'c'].map((end) => fetch(`${url}/push/not-the-token-of-anybody-${end}`, { method: 'POST' })),
    );
    expect(wrong.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(server.words()).not.toMatch(new RegExp(`${pushToken}|#token=|not-the-token`));
    expect(server.words()).toContain('`earshot source url`');
    expect(server.words().match(/wrong or missing token/g)).toHaveLength(1);
    const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${apiKey}` } });
    expect(await metrics.text()).toContain('earshot_wrong_push_tokens_total 3\n');

    const asked = await processes.run('source', 'url');
    expect([asked.code, asked.stdout]).toEqual([0, expect.stringMatching(`^http://.*/push/${pushToken}\n$`)]);
    const other = await processes.run('source', 'url', 'nobody');
    expect([other.code, other.stdout, other.words]).toEqual([
      1,
      '',
      expect.stringContaining('source-unknown'),
    ]);
  });

  it.skipIf(!isOnPath('script'))('has the push URL and the set-up link at a terminal', async () => {
    // `script` gives its command a terminal of its own, and says what that has said.
    const atTerminal = 'exec script -q -e -f -c "$(printf "\'%s\' " "$0" "$@")" /dev/null';
    const server = processes.spawn({ under: ['sh', '-c', atTerminal] });
    await until(() => server.words().includes('#token='), { what: 'the link is printed' });
    expect(server.words()).toContain(`/push/${pushToken}`);
    expect(server.words()).toContain('within a day');
  });
});

describe('a start that cannot be', () => {
  const sentences = (words: string) => {
    expect(words).not.toMatch(/^ +at /m);
    return words;
  };

  it.each([64, 100])('says so where only %s files may be open', async (limit) => {
    const server = processes.spawn({ under: ['sh', '-c', `ulimit -n ${limit}; exec "$0" "$@"`] });
    expect((await server.exited).code).toBe(1);
    expect(sentences(server.words())).toMatch(/\[descriptors-too-few\].*ulimit/s);
  });

  it.skipIf(!existsSync('/proc/self')).each([
    ['EARSHOT_DATA_DIR', '/proc/earshot', 'data-dir-unusable'],
    ['EARSHOT_STORAGE_URL', 'file:///proc/earshot', 'storage-failed'],
  ])('says so where %s is %s', async (setting, value, code) => {
    const server = processes.spawn({ settings: { [setting]: value } });
    expect((await server.exited).code).toBe(1);
    expect(sentences(server.words())).toContain(`[${code}]`);
  });
});

describe('a server whose data folder is taken away', () => {
  it('is not ready, and refuses pushes', async () => {
    const server = processes.spawn();
    const url = await server.url;
    const push = async () =>
      (await fetch(`${url}/push/${pushToken}`, { method: 'POST', body: '[{"callId":"1"}]' })).status;
    const ready = async () => (await fetch(`${url}/readyz`)).status;
    expect([await push(), await ready()]).toEqual([200, 200]);
    renameSync(processes.dataDir, `${processes.dataDir}.away`);
    await until(async () => (await ready()) === 503, { what: 'it is not ready' });
    expect(await push()).toBe(503);
  });
});

describe('a data folder', () => {
  it('is closed to others where it was open, with all that Earshot has in it, and nothing else', async () => {
    const first = processes.spawn();
    await first.url;
    await first.stop();
    const names = readdirSync(processes.dataDir);
    for (const name of names) expect([name, modeOf(name) & 0o077]).toEqual([name, 0]);

    writeFileSync(join(processes.dataDir, 'notes.txt'), 'of somebody else');
    mkdirSync(join(processes.dataDir, 'staging'));
    for (const name of [...names, 'staging', 'notes.txt']) chmodSync(join(processes.dataDir, name), 0o755);
    chmodSync(processes.dataDir, 0o755);
    const second = processes.spawn();
    await second.url;
    expect(modeOf()).toBe(0o700);
    for (const name of [...names, 'staging']) expect([name, modeOf(name) & 0o077]).toEqual([name, 0]);
    expect(modeOf('notes.txt')).toBe(0o755);
    expect(second.words()).toContain('Others could read these');
    await second.stop();
  });

  it('that is empty stays so where a command only reads or removes', async () => {
    const dataDir = join(processes.dataDir, '..', 'empty');
    mkdirSync(dataDir);
    for (const command of [
      ['key', 'list'],
      ['key', 'remove', 'k1'],
      ['key', 'rotate-links'],
      ['account', 'list'],
      ['account', 'disable', 'ada'],
      ['account', 'setup-link'],
      ['source', 'url', 'east'],
      ['push-sample'],
      ['verify'],
      ['doctor'],
      ['config'],
    ]) {
      const { code, words } = await processes.runWith({ dataDir }, ...command);
      expect([command, words]).not.toEqual([command, expect.stringMatching(/^ +at /m)]);
      expect([command, code === 0 || code === 1]).toEqual([command, true]);
      expect([command, readdirSync(dataDir)]).toEqual([command, []]);
    }
  });
});
