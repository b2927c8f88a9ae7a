import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { parsePush } from '../../src/protocol/parse-push.js';
import { toWebhookSecret } from '../../src/protocol/webhook-signature.js';
import { examine, type ExaminationReport } from '../../src/simulator/conformance/examine.js';
import { openPackedProject, type PackedProject } from '../support/packed-project.js';
import { until } from '../support/until.js';

/**
 * The receivers of docs/sending.md, taken from the page as they stand there. Those for Express and Java need what is
 * not installed here; they were run by hand when they were written.
 */
const page = new URL('../../docs/sending.md', import.meta.url);
const secret = toWebhookSecret(Buffer.alloc(32, 3));
const hasPython = spawnSync('python3', ['--version']).status === 0;

let project: PackedProject;
let running: ChildProcess | undefined;

beforeAll(async () => {
  project = await openPackedProject('fastify');
});

afterEach(async () => {
  if (running?.exitCode === null && running.signalCode === null) {
    running.kill('SIGKILL');
    await once(running, 'close');
  }
  running = undefined;
});

afterAll(() => project.close());

async function codeUnder(heading: string): Promise<string> {
  const text = await readFile(page, 'utf8');
  const [, section = ''] = text.split(`\n### ${heading}`);
  const code = /\n```\w+\n([\s\S]*?)\n```\n/.exec(section)?.[1];
  if (code === undefined) throw new Error(`docs/sending.md has no code under "${heading}"`);
  return `${code}\n`;
}

/** Starts a receiver and resolves with the address that it prints. */
async function start(command: string, args: readonly string[], env: Record<string, string>): Promise<string> {
  const child = spawn(command, args, {
    cwd: project.folder,
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running = child;
  let words = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (words += String(text)));
  return until(
    () => {
      const [, url] = /listening on (http:\S+)/.exec(words) ?? [];
      if (url === undefined && child.exitCode !== null) throw new Error(`It ended: ${words}`);
      return url;
    },
    { what: 'the receiver to listen' },
  );
}

async function examineAt(url: string, withSecret?: string): Promise<ExaminationReport> {
  const report = await examine(
    { to: `${url}/push`, rateLimit: 10, ...(withSecret === undefined ? {} : { secret: withSecret }) },
    // The pushes of a rate come all at once: harder for the receiver, and nobody waits.
    { clock: () => Date.now(), random: Math.random, wait: () => Promise.resolve() },
  );
  expect(report.findings.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  return report;
}

const kept = async (file: string): Promise<string[]> =>
  (await readFile(join(project.folder, file), 'utf8')).split('\n').filter((line) => line !== '');

describe('the receivers of docs/sending.md', () => {
  it('Fastify: does all that is asked of a receiver, and keeps every message', async () => {
    await project.write('receiver.ts', await codeUnder('TypeScript: Fastify'));
    await project.compile('receiver.ts');
    const url = await start(process.execPath, ['receiver.js'], { WEBHOOK_SECRET: secret });
    const { callIdPrefix, acknowledgedCalls } = await examineAt(url, secret);
    const messages = (await kept('messages.ndjson')).map(
      (line) => JSON.parse(line) as { callId?: string; text?: string },
    );
    const callIds = new Set(messages.flatMap(({ callId }) => callId ?? []));
    expect(callIds.size).toBe(acknowledgedCalls);
    const big = messages.find(({ callId }) => callId === `${callIdPrefix}big-numbers`);
    expect(big?.text).toContain('"taskId":12345678901234567890');
    expect(callIds).not.toContain(`${callIdPrefix}wrong-signature`);
  });

  // python3 is on every Debian; elsewhere nothing is lost but this example's test.
  it.skipIf(!hasPython)('Python: the same, with the standard library alone', async () => {
    await project.write('receiver.py', await codeUnder('Python: the standard library'));
    const url = await start('python3', ['receiver.py'], { WEBHOOK_SECRET: secret });
    const { acknowledgedCalls } = await examineAt(url, secret);
    const pushes = await kept('pushes.ndjson');
    const callIds = pushes.flatMap((line) => parsePush(line).messages.map(({ callId }) => callId));
    expect(new Set(callIds).size).toBe(acknowledgedCalls);
  });

  it.skipIf(!hasPython)('Python: takes unsigned pushes where it has no secret', async () => {
    await project.write('receiver.py', await codeUnder('Python: the standard library'));
    await examineAt(await start('python3', ['receiver.py'], {}));
  });
});
