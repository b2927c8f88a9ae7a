import { createClient } from '../../contract/client.js';
import { AppError } from '../../domain/errors.js';
import type { Config } from '../config.js';
import { readApiKey } from '../secrets.js';
import { toUrl } from '../to-url.js';

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
