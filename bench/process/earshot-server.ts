import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { ApiClient } from './api-client.js';
import { cpuSecondsOf } from './cpu-time.js';
import { freePort } from './listen.js';
import { sampleMemory, type MemorySamples } from './memory-samples.js';
import { stopProcess, watch } from './start-child.js';

const program = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));
const token = 'bench-push-token-0000';
export const apiKey = 'bench-api-key-00000000';
export const pushPath = `/push/${token}`;

/** Those of `npm start`, of the image and of the unit. */
const nodeFlags = ['--max-semi-space-size=2'];

export interface EarshotOptions {
  /** The data folder; the server's log goes beside its stores. */
  readonly folder: string;
  /** Besides the ones that all servers here have. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface Earshot {
  readonly port: number;
  readonly api: ApiClient;
  /** From spawn to the first push answered 200. */
  readonly startMs: number;
  /** Of its memory, each 200 ms while it ran. */
  readonly memory: MemorySamples;
  /** Processor time that it has used so far. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** How long a server may take to answer its first push before the benchmark gives up on it. */
const startTimeoutMs = 60_000;

/**
 * Starts the built server as a user would (`earshot serve`, its settings in the environment) and waits for
 * the first acknowledged push, asked for each 5 ms. That push is empty: it is acknowledged and leaves nothing.
 */
export async function startEarshot({ folder, settings = {} }: EarshotOptions): Promise<Earshot> {
  const port = await freePort();
  const logFile = join(folder, 'server.log');
  const log = openSync(logFile, 'a');
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, program, 'serve'], {
    cwd: folder,
    stdio: ['ignore', log, log],
    env: {
      PATH: process.env['PATH'],
      EARSHOT_PORT: String(port),
      EARSHOT_DATA_DIR: folder,
      EARSHOT_PUSH_TOKEN: token,
      EARSHOT_API_KEY: apiKey,
      EARSHOT_ALLOW_NETWORKS: '127.0.0.0/8',
      EARSHOT_RECORDING_HOSTS: '127.0.0.1',
      ...settings,
    },
  });
  closeSync(log);
  watch(child);
  await firstAcknowledgement(child, port, logFile);
  const startMs = performance.now() - startedAt;
  const sampler = sampleMemory(child.pid ?? 0);
  const api = new ApiClient(port, apiKey);
  await untilSettled(api, settings['EARSHOT_INBOX'] === 'local');
  return {
    port,
    api,
    startMs,
    memory: sampler.samples,
    cpuSeconds: () => cpuSecondsOf(child.pid ?? 0),
    stop: async () => {
      sampler.stop();
      api.close();
      await stopProcess(child);
    },
  };
}

async function firstAcknowledgement(child: ChildProcess, port: number, logFile: string): Promise<void> {
  const giveUpAt = performance.now() + startTimeoutMs;
  while ((await postEmpty(port)) !== 200) {
    if (child.exitCode !== null || performance.now() > giveUpAt) {
      await stopProcess(child);
      throw new Error(`the server did not start:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    }
    await wait(5);
  }
}

/** A server on a database takes pushes before it has brought that up to date, and sorts them a moment later still. */
async function untilSettled(api: ApiClient, isLocalFirst: boolean): Promise<void> {
  const giveUpAt = performance.now() + startTimeoutMs;
  while (true) {
    const status = await api.status().catch(() => undefined);
    if (status?.store.kind === 'embedded') return;
    const { processes = [] } = status ?? {};
    const duties = processes.flatMap((each) => each.duties);
    const isAsIntended = isLocalFirst || processes[0]?.inbox?.goesTo === 'database';
    if (isAsIntended && duties.includes('sort') && duties.includes('project')) return;
    if (performance.now() > giveUpAt) throw new Error('the server did not find its store');
    await wait(20);
  }
}

function postEmpty(port: number): Promise<number> {
  return new Promise((resolve) => {
    const post = request(
      { host: '127.0.0.1', port, path: pushPath, method: 'POST', agent: false },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    post.once('error', () => resolve(0));
    post.end('[]');
  });
}
