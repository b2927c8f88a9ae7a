import { hash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../domain/errors.js';

export interface Secrets {
  readonly pushToken: string;
  readonly apiKey: string;
  /** Where the API key is kept; absent where it was given as a setting. */
  readonly apiKeyFile?: string;
}

/** What the settings say of secrets, and where those lie that they do not name. */
export interface SecretSettings {
  readonly dataDir: string;
  readonly pushToken: string | undefined;
  readonly apiKey: string | undefined;
}

/** The push token and the administrator's key: as set, or as generated once and kept in the data folder (mode 0600). */
export function loadSecrets(config: SecretSettings): Secrets {
  const apiKeyFile = join(config.dataDir, 'api-key');
  return {
    pushToken: config.pushToken ?? readOrMake(join(config.dataDir, 'push-token')),
    apiKey: config.apiKey ?? readOrMake(apiKeyFile),
    ...(config.apiKey === undefined ? { apiKeyFile } : {}),
  };
}

/** The administrator's key as set, or as the server that uses this data folder has made it; none is made here. */
export function readApiKey({ dataDir, apiKey }: { dataDir: string; apiKey: string | undefined }): string {
  if (apiKey !== undefined) return apiKey;
  const file = join(dataDir, 'api-key');
  if (!existsSync(file)) {
    throw new AppError(
      'server-unreachable',
      `There is no API key: EARSHOT_API_KEY is not set, and no server has made ${file}.`,
    );
  }
  return readKept(file);
}

/** A new secret: 32 random bytes in the alphabet of tokens and keys. */
export function makeSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Lower-case hex SHA-256: all that is kept of a key. */
export function hashOfKey(key: string): string {
  return hash('sha256', key);
}

/** A secret that a file keeps; undefined where there is no such file. @throws AppError `data-dir-unusable`. */
export function readSecretIfKept(file: string): string | undefined {
  return existsSync(file) ? checked(file, readKept(file)) : undefined;
}

/** What a file keeps; undefined where there is no such file. @throws AppError `data-dir-unusable`. */
export function readTextIfKept(file: string): string | undefined {
  return existsSync(file) ? readKept(file) : undefined;
}

/** Keeps a secret in a file of its own (mode 0600), in the place of what was there, whole or not at all. */
export function keepSecret(file: string, secret: string): void {
  const draft = `${file}.new`;
  try {
    const handle = openSync(draft, 'w', 0o600);
    writeSync(handle, `${secret}\n`);
    fsyncSync(handle);
    closeSync(handle);
    renameSync(draft, file);
  } catch (error) {
    throw new AppError('data-dir-unusable', `${file} cannot be written: ${(error as Error).message}.`);
  }
}

function readKept(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new AppError('data-dir-unusable', `${file} cannot be read: ${(error as Error).message}.`);
  }
}

function readOrMake(file: string): string {
  try {
    mkdirSync(join(file, '..'), { recursive: true });
    const made = makeSecret();
    // `wx`: of two processes that start at once only one writes; the other reads what it wrote.
    const handle = openSync(file, 'wx', 0o600);
    writeSync(handle, `${made}\n`);
    fsyncSync(handle);
    closeSync(handle);
    return made;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
      throw new AppError('data-dir-unusable', `${file} cannot be written: ${(error as Error).message}.`);
    }
  }
  return checked(file, readKept(file));
}

function checked(file: string, kept: string): string {
  if (/^[\w-]{16,}$/.test(kept)) return kept;
  throw new AppError(
    'data-dir-unusable',
    `${file} holds no secret. Delete it and a new one is made at the next start.`,
  );
}
