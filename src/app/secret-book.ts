import { join } from 'node:path';
import type { Logger } from 'pino';
import { AppError } from '../domain/errors.js';
import type { SharedSecretName, SharedSecrets } from '../store/shared-roles.js';
import {
  hashOfKey,
  keepSecret,
  loadSecrets,
  makeSecret,
  readSecretIfKept,
  type Secrets,
  type SecretSettings,
} from './secrets.js';

/** The secrets as they are in force now, in the forms in which they are asked for. */
export class SecretBook {
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

export interface SharingStore {
  readonly shared?: { readonly secrets: Pick<SharedSecrets, 'obtain'> };
  readonly ready: Promise<void>;
  readonly tried: Promise<void>;
}

/**
 * Opens the secrets. What no setting names is made once and kept: in the data folder, and, where several processes
 * share a store, in the store for all of them, of which the folder's file is then a copy. A start with a copy does not
 * wait for the store; should the store know better, its secret holds from then on.
 * @throws AppError `store-unavailable` where a secret is neither set nor copied and the store is not there to ask.
 */
export async function openSecretBook(
  config: SecretSettings,
  store: SharingStore,
  log: Logger,
): Promise<SecretBook> {
  const { shared } = store;
  if (!shared) return new SecretBook(loadSecrets(config));
  const known = readCopies(config);
  if (known) {
    const book = new SecretBook(known);
    void followShared(book, config, store.ready, shared.secrets, log);
    return book;
  }
  await store.tried;
  return new SecretBook(await obtainShared(config, shared.secrets));
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

async function obtainShared(config: SecretSettings, shared: Pick<SharedSecrets, 'obtain'>): Promise<Secrets> {
  try {
    const pushToken = config.pushToken ?? (await obtain(config, 'push-token', shared));
    const apiKey = config.apiKey ?? (await obtain(config, 'api-key', shared));
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

async function obtain(
  config: SecretSettings,
  name: SharedSecretName,
  shared: Pick<SharedSecrets, 'obtain'>,
): Promise<string> {
  const file = fileOf(config, name);
  const copy = readSecretIfKept(file);
  const secret = await shared.obtain(name, copy ?? makeSecret());
  if (secret !== copy) keepSecret(file, secret);
  return secret;
}

async function followShared(
  book: SecretBook,
  config: SecretSettings,
  ready: Promise<void>,
  shared: Pick<SharedSecrets, 'obtain'>,
  log: Logger,
): Promise<void> {
  try {
    await ready;
    const secrets = await obtainShared(config, shared);
    const isSame = secrets.pushToken === book.secrets.pushToken && secrets.apiKey === book.secrets.apiKey;
    if (isSame) return;
    book.replace(secrets);
    log.error(
      'The push token or the API key in the data folder were not those that the processes of this database share. ' +
        'Those hold from now on.',
    );
  } catch (error) {
    log.warn({ err: error }, 'The secrets that all processes share could not be compared.');
  }
}
