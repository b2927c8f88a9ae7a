import { join } from 'node:path';
import type { Logger } from 'pino';
import { AppError } from '../domain/errors.js';
import type { LinkKeysReader } from '../store/link-keys.js';
import type { SharedSecretName, SharedSecrets } from '../store/shared-roles.js';
import { defaultSource, type Sources } from '../store/sources.js';
import {
  hashOfKey,
  keepSecret,
  makeSecret,
  readSecretIfKept,
  type Secrets,
  type SecretSettings,
} from './secrets.js';

/** The secrets as they are in force now, in the forms in which they are asked for. */
export class SecretRegistry {
  #secrets: Secrets;
  #keyHash: string;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
    this.#keyHash = hashOfKey(secrets.apiKey);
  }

  get secrets(): Secrets {
    return this.#secrets;
  }

  /** Lower-case hex SHA-256 of the administrator's key. */
  get keyHash(): string {
    return this.#keyHash;
  }

  /** Those there were hold no more. */
  replace(secrets: Secrets): void {
    this.#secrets = secrets;
    this.#keyHash = hashOfKey(secrets.apiKey);
  }
}

/** The parts of a store that hold secrets. */
export interface SecretStore {
  readonly shared?: { readonly secrets: Pick<SharedSecrets, 'obtain' | 'find'> };
  readonly linkKeys: LinkKeysReader;
  readonly sources: Pick<Sources, 'list'>;
  readonly ready: Promise<void>;
  readonly tried: Promise<void>;
}

/**
 * Opens the secrets. What no setting names is made once, for a store that no server has run on before, and kept: in the
 * data folder, and, where several processes share a store, in the store for all of them, of which the folder's file is
 * then a copy. A start with a copy does not wait for the store; should the store know better, its secret holds from then on.
 * @throws AppError `secret-missing` where there must have been one: another in its place would turn away
 *   everybody who knows the old one.
 * @throws AppError `store-unavailable` where a secret is neither set nor copied and the store is not there to ask.
 */
export async function openSecretRegistry(
  config: SecretSettings,
  store: SecretStore,
  log: Logger,
): Promise<SecretRegistry> {
  const known = readCopies(config);
  if (known) {
    const registry = new SecretRegistry(known);
    if (store.shared) void followShared(registry, config, store, log);
    return registry;
  }
  await store.tried;
  return new SecretRegistry(await obtainBoth(config, store));
}

function fileOf({ dataDir }: SecretSettings, name: SharedSecretName): string {
  return join(dataDir, name);
}

function readCopies(config: SecretSettings): Secrets | undefined {
  const pushToken = config.pushToken ?? readSecretIfKept(fileOf(config, 'push-token'));
  const apiKey = config.apiKey ?? readSecretIfKept(fileOf(config, 'api-key'));
  return pushToken === undefined || apiKey === undefined ? undefined : toSecrets(config, pushToken, apiKey);
}

function toSecrets(config: SecretSettings, pushToken: string, apiKey: string): Secrets {
  const apiKeyFile = fileOf(config, 'api-key');
  return { pushToken, apiKey, ...(config.apiKey === undefined ? { apiKeyFile } : {}) };
}

async function obtainBoth(config: SecretSettings, store: SecretStore): Promise<Secrets> {
  try {
    const pushToken = config.pushToken ?? (await obtain(config, 'push-token', store));
    const apiKey = config.apiKey ?? (await obtain(config, 'api-key', store));
    return toSecrets(config, pushToken, apiKey);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'store-unavailable',
      `The push token and the API key are kept in the database for all processes, and it does not tell them ` +
        `(${(error as Error).message}); ${config.dataDir} has no copy yet. Set EARSHOT_PUSH_TOKEN and ` +
        `EARSHOT_API_KEY, or start again once the database is there.`,
      { cause: error },
    );
  }
}

async function obtain(config: SecretSettings, name: SharedSecretName, store: SecretStore): Promise<string> {
  const file = fileOf(config, name);
  const copy = readSecretIfKept(file);
  const candidate = copy ?? (await findOrMake(file, name, store));
  const secret = (await store.shared?.secrets.obtain(name, candidate)) ?? candidate;
  if (secret !== copy) keepSecret(file, secret);
  return secret;
}

/** Every server makes the first key of signed links, right after it has its secrets: where there is one, they were made. */
async function findOrMake(file: string, name: SharedSecretName, store: SecretStore): Promise<string> {
  // Asked first: who made the key has kept the secrets by then, should both start at this moment.
  const wasUsed = (await store.linkKeys.list()).length > 0;
  if (!wasUsed) return makeSecret();
  const kept = (await store.shared?.secrets.find(name)) ?? (await findRotated(name, store));
  if (kept !== undefined) return kept;
  const what = { 'push-token': 'push token', 'api-key': 'API key' }[name];
  const setting = { 'push-token': 'EARSHOT_PUSH_TOKEN', 'api-key': 'EARSHOT_API_KEY' }[name];
  throw new AppError(
    'secret-missing',
    `Servers have run on this store before, and neither ${file} nor ${setting} holds their ${what}.`,
  );
}

/** A push token that was rotated is in the store. */
async function findRotated(name: SharedSecretName, { sources }: SecretStore): Promise<string | undefined> {
  if (name !== 'push-token') return undefined;
  return (await sources.list()).find(({ id }) => id === defaultSource)?.token;
}

async function followShared(
  registry: SecretRegistry,
  config: SecretSettings,
  store: SecretStore,
  log: Logger,
): Promise<void> {
  try {
    await store.ready;
    const secrets = await obtainBoth(config, store);
    const isSame =
      secrets.pushToken === registry.secrets.pushToken && secrets.apiKey === registry.secrets.apiKey;
    if (isSame) return;
    registry.replace(secrets);
    log.error(
      'The push token or the API key in the data folder were not those that the processes of this database share. ' +
        'Those hold from now on.',
    );
  } catch (error) {
    log.warn({ err: error }, 'The secrets that all processes share could not be compared.');
  }
}
