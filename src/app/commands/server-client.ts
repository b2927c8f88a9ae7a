import { createClient } from '../../contract/client.js';
import type { Source } from '../../contract/sources.js';
import { AppError } from '../../domain/errors.js';
import { type Config, toUrl } from '../../settings/config.js';
import { readApiKey } from '../../sources/secrets.js';

export type ServerClient = ReturnType<typeof createClient>;

/**
 * The API of the running server that the settings name, with the administrator's key as the server has it. Each
 * call rejects with `server-unreachable` where nothing answers, with ApiProblem where the server refuses.
 * @throws AppError where there is no key.
 */
export function openServerClient(
  config: Pick<Config, 'host' | 'port' | 'publicUrl' | 'dataDir' | 'apiKey'>,
  request: typeof globalThis.fetch,
): ServerClient {
  const baseUrl = config.publicUrl ?? toUrl(config);
  return createClient({
    baseUrl,
    apiKey: readApiKey(config),
    fetch: async (input, init) => {
      try {
        return await request(input, init);
      } catch (error) {
        const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
        throw new AppError('server-unreachable', `${baseUrl} does not answer (${cause}).`);
      }
    },
  });
}

/** The source of this name of a running server; rejects with `source-unknown`. */
export async function findSource({ sources }: ServerClient, name: string): Promise<Source> {
  const source = (await sources.list()).items.find((known) => known.name === name);
  if (!source) throw new AppError('source-unknown', `There is no source "${name}".`);
  return source;
}
