import { afterAll, beforeAll } from 'vitest';
import { createClient } from '../../../src/contract/client.js';
import { apiKey, openServerProcesses, type ServerProcess } from '../../support/server-process.js';

export type Client = ReturnType<typeof createClient>;

/** Earshot as it ships, with its console, in a process of its own. */
export interface ConsoleServer {
  readonly url: string;
  readonly process: ServerProcess;
  /** Where its files are. */
  readonly dataDir: string;
  /** The API with the administrator's key. */
  readonly client: Client;
  /** Of a new set-up link. */
  setUpToken(): Promise<string>;
}

type Settings = Readonly<Record<string, string>>;

/** One server for the tests of a block, started before its first and gone after its last. */
export function useConsoleServer(settings: Settings | (() => Promise<Settings>) = {}): ConsoleServer {
  let started: StartedConsoleServer | undefined;
  beforeAll(async () => {
    started = await startConsoleServer(typeof settings === 'function' ? await settings() : settings);
  });
  afterAll(() => started?.close());
  const running = (): ConsoleServer => {
    if (!started) throw new Error('The server is started before the first test.');
    return started;
  };
  return {
    get url() {
      return running().url;
    },
    get process() {
      return running().process;
    },
    get dataDir() {
      return running().dataDir;
    },
    get client() {
      return running().client;
    },
    setUpToken: () => running().setUpToken(),
  };
}

interface StartedConsoleServer extends ConsoleServer {
  close(): Promise<void>;
}

async function startConsoleServer(settings: Settings): Promise<StartedConsoleServer> {
  const processes = await openServerProcesses();
  try {
    const process = processes.spawn({ settings });
    const url = await process.url;
    return {
      url,
      process,
      dataDir: processes.dataDir,
      client: createClient({ baseUrl: url, apiKey }),
      setUpToken: async () => {
        const { stdout, words } = await processes.runWith({ settings }, 'account', 'setup-link');
        const token = /\/setup#token=([\w-]+)/.exec(stdout)?.[1];
        if (token === undefined) throw new Error(words);
        return token;
      },
      close: () => processes.close(),
    };
  } catch (error) {
    await processes.close();
    throw error;
  }
}
