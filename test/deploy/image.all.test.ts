import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildImage, whyNoImage, type BuiltImage } from '../support/built-image.js';
import { readDockerfile, valueOf } from '../support/dockerfile.js';
import { until } from '../support/until.js';

const reason = whyNoImage();
if (reason !== undefined) process.stderr.write(`The image is not built here: ${reason}.\n`);

let image: BuiltImage;
let close = (): Promise<void> => Promise.resolve();
const running = new Set<ChildProcess>();

beforeAll(async () => {
  if (reason !== undefined) return;
  image = await buildImage();
  close = () => image.close();
});

afterEach(async () => {
  for (const child of running) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  }
  running.clear();
});

afterAll(() => close());

/** Runs a program in the image and collects what it says. */
function start(command: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  const child = image.start(command, settings);
  running.add(child);
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (words += String(text)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, words: () => words, ended };
}

async function serve() {
  const entrypoint = valueOf(image.stage, 'ENTRYPOINT') as string[];
  const settings = {
    EARSHOT_HOST: '127.0.0.1',
    EARSHOT_PORT: '0',
    EARSHOT_PUSH_TOKEN: 'token-of-the-image-test',
  };
  const server = start([...entrypoint, ...(valueOf(image.stage, 'CMD') as string[])], settings);
  const url = await until(
    () => {
      if (server.child.exitCode !== null) throw new Error(`It ended: ${server.words()}`);
      return /listening on (http:\S+)/.exec(server.words())?.[1];
    },
    { what: 'the server of the image to listen' },
  );
  // By then it has said where it listens and hears signals, too.
  await until(async () => (await fetch(`${url}/healthz`)).status === 200, { what: 'the server to answer' });
  return { ...server, url };
}

describe.skipIf(reason !== undefined)('the image that the Dockerfile makes', () => {
  it('takes a push as a user without rights, on a root that cannot be written', async () => {
    const { url, child } = await serve();
    const answer = await fetch(`${url}/push/token-of-the-image-test`, {
      method: 'POST',
      body: '[{"callId":"1"}]',
    });
    expect([answer.status, await answer.json()]).toEqual([200, { code: 0, msg: 'Received successfully' }]);
    const status = await readFile(`/proc/${child.pid ?? 0}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t10001\t10001\t10001\t10001$/m);
    expect(status).toMatch(/^Cap(Prm|Eff|Bnd):\t0+$/m);
    expect(await readdir(join(image.folder, 'data'))).toContain('inbox.db');
    for (const file of ['/app/x', '/x', '/usr/local/bin/x', '/etc/x']) {
      const touching = start(['touch', file]);
      expect(await touching.ended, touching.words()).toBe(1);
      expect(touching.words()).toContain('Read-only file system');
    }
  });

  it('says whether it is healthy by Node itself', async () => {
    const check = valueOf(image.stage, 'HEALTHCHECK');
    const command = JSON.parse(/CMD (\[.*\])$/.exec(String(check))?.[1] ?? '[]') as string[];
    const { url, child, ended } = await serve();
    const EARSHOT_PORT = new URL(url).port;
    expect(await start(command, { EARSHOT_PORT }).ended).toBe(0);
    child.kill('SIGTERM');
    await ended;
    expect(await start(command, { EARSHOT_PORT }).ended).toBe(1);
  });

  it('stops with exit code 0 when it is asked to', async () => {
    const { child, ended } = await serve();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('has every command of Earshot by name', async () => {
    const config = start(['earshot', 'config', '--json']);
    expect(await config.ended).toBe(0);
    expect(config.words()).toContain('EARSHOT_DATA_DIR');
  });

  it('holds what is needed to run and nothing to build with', async () => {
    const modules = await readdir(join(image.folder, 'app/node_modules'));
    expect(modules).toContain('fastify');
    for (const name of ['typescript', 'vitest', 'oxlint', '.bin/tsc']) expect(modules).not.toContain(name);
    expect(await readdir(join(image.folder, 'app'))).toEqual(
      expect.not.arrayContaining(['src', 'test', '.npmrc', 'tsconfig.json']),
    );
    expect(await readdir(join(`${image.folder}.local`, 'bin'))).toEqual(['earshot', 'node']);
    const [kilobytes] = spawnSync('du', ['-sk', join(image.folder, 'app')])
      .stdout.toString()
      .split('\t');
    expect(Number(kilobytes) / 1024).toBeLessThan(80);
  });

  it('keeps its data folder for its own user', async () => {
    const { uid, mode } = await stat(join(image.folder, 'data'));
    expect([uid, mode & 0o777]).toEqual([10001, 0o700]);
  });
});

it('the last stage of the Dockerfile begins from an image without a compiler or npm', async () => {
  const stages = readDockerfile(await readFile(new URL('../../Dockerfile', import.meta.url), 'utf8'));
  expect(stages.map(({ from }) => from)).toEqual(['node:24-bookworm-slim', 'debian:bookworm-slim']);
});
