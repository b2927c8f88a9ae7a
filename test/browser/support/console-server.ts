import { createClient } from '../../../src/contract/client.js';
import { apiKey, openServerProcesses, type ServerProcess } from '../../support/server-process.js';
import { until } from '../../support/until.js';
import { buildConsole } from './build-console.js';

export type Client = ReturnType<typeof createClient>;

/** Earshot as it ships, with its console, in a process of its own. */
export interface ConsoleServer {
  readonly url: string;
  readonly process: ServerProcess;
  /** The API with the administrator's key. */
  readonly client: Client;
  /** Of the link that the start printed. */
  setUpToken(): Promise<string>;
  close(): Promise<void>;
}

export async function startConsoleServer(
  settings: Readonly<Record<string, string>> = {},
): Promise<ConsoleServer> {
  await buildConsole();
  const processes = await openServerProcesses();
  try {
    const process = processes.spawn({ settings });
    const url = await process.url;
    return {
      url,
      process,
      client: createClient({ baseUrl: url, apiKey }),
      setUpToken: () =>
        until(() => /\/setup#token=([\w-]+)/.exec(process.words())?.[1], {
          what: 'the set-up link is printed',
        }),
      close: () => processes.close(),
    };
  } catch (error) {
    await processes.close();
    throw error;
  }
}
