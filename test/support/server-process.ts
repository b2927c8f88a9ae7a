import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patience, tier } from './test-run.js';

const entry = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export const pushToken = 'push-token-of-the-tests';
export const apiKey = 'administrator-key-of-the-tests';

/**
 * Nobody waits for what a dead process holds for longer than this. As shipped where everything is run; longer on a busy
 * machine, where a living process would lose what it holds.
 */
const leaseSeconds = tier === 'added' ? undefined : String(2.5 * patience);

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Earshot as it ships, in a process of its own. */
export interface ServerProcess {
  readonly pid: number;
  /** Resolves with `http://127.0.0.1:PORT` once it listens; rejects, with its words, if it ends before. */
  readonly url: Promise<string>;
  readonly exited: Promise<Exit>;
  /** Everything it has written so far, both streams. */
  words(): string;
  /** Ends it as a power cut would, as far as a process can tell. Resolves once it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop. */
  stop(): Promise<Exit>;
}

export interface ServerOptions {
  /** Undefined: not even what these processes have otherwise. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  /** A program that runs it: its command and arguments come before Node's own. It must keep the pid (`exec`). */
  readonly under?: readonly string[];
  /** Instead of the one of these processes. */
  readonly dataDir?: string;
  /** Another Node than the one of the tests. */
  readonly node?: string;
}

/** Servers and commands on one data folder, which goes when all of them are closed. */
export interface ServerProcesses {
  readonly dataDir: string;
  spawn(options?: ServerOptions): ServerProcess;
  /** Another command that listens: `start('listen', '--port', '0')`. */
  start(...command: string[]): ServerProcess;
  /** The same with settings, or a Node, of its own. */
  startWith(options: ServerOptions, ...command: string[]): ServerProcess;
  /** Runs another command to its end: `run('verify', '--json')`. */
  run(...command: string[]): Promise<Exit & { readonly stdout: string; readonly words: string }>;
  /** The same with settings, or a data folder, of its own. */
  runWith(options: ServerOptions, ...command: string[]): ReturnType<ServerProcesses['run']>;
  close(): Promise<void>;
}

export async function openServerProcesses(): Promise<ServerProcesses> {
  const folder = await mkdtemp(join(tmpdir(), 'earshot-process-'));
  const dataDir = join(folder, 'data');
  const children = new Set<Watched>();

  const start = (
    args: readonly string[],
    { settings = {}, under = [], dataDir: where = dataDir, node = process.execPath }: ServerOptions,
  ) => {
    const [command = node, ...rest] = [...under, node, entry, ...args];
    // Nothing of the environment but the path: a setting of whoever runs the tests must not reach the server.
    const env = {
      PATH: process.env['PATH'] ?? '',
      EARSHOT_DATA_DIR: where,
      EARSHOT_PORT: '0',
      EARSHOT_PUSH_TOKEN: pushToken,
      EARSHOT_API_KEY: apiKey,
      ...(leaseSeconds === undefined ? {} : { EARSHOT_LEASE_SECONDS: leaseSeconds }),
      ...settings,
    };
    const child = watch(spawn(command, rest, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }));
    children.add(child);
    void child.exited.finally(() => children.delete(child));
    return child;
  };

  const run = async (options: ServerOptions, command: readonly string[]) => {
    const child = start(command, options);
    return { ...(await child.exited), stdout: child.stdout(), words: child.words() };
  };

  return {
    dataDir,
    spawn: (options = {}) => toServer(start(['serve'], options)),
    start: (...command) => toServer(start(command, {})),
    startWith: (options, ...command) => toServer(start(command, options)),
    run: (...command) => run({}, command),
    runWith: (options, ...command) => run(options, command),
    close: async () => {
      await Promise.all([...children].map((child) => child.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Watched {
  readonly process: ChildProcess;
  readonly exited: Promise<Exit>;
  stdout(): string;
  words(): string;
  kill(): Promise<void>;
}

function watch(child: ChildProcess): Watched {
  let stdout = '';
  let words = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    words += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (words += text));
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  return {
    process: child,
    exited,
    stdout: () => stdout,
    words: () => words,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

function toServer(child: Watched): ServerProcess {
  const url = new Promise<string>((resolve, reject) => {
    const look = () => {
      const listening = /listening on (http:\/\/\S+)/.exec(child.words());
      if (listening?.[1]) resolve(listening[1]);
    };
    child.process.stderr?.on('data', look);
    child.process.stdout?.on('data', look);
    void child.exited.then(({ code, signal }) => {
      reject(
        new Error(`The server ended (${signal ?? code}) before it listened. It said:\n${child.words()}`),
      );
    }, reject);
  });
  // Whoever kills it while it starts does not wait for the address.
  url.catch(() => undefined);
  return {
    pid: child.process.pid ?? 0,
    url,
    exited: child.exited,
    words: child.words,
    kill: child.kill,
    stop: () => {
      child.process.kill('SIGTERM');
      return child.exited;
    },
  };
}
