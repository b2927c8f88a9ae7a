import { hash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
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

/** The default source's push token as set, or as the server that uses this data folder keeps it; none is made here. */
export function readPushToken({
  dataDir,
  pushToken,
}: {
  dataDir: string;
  pushToken: string | undefined;
}): string {
  const token = pushToken ?? readSecretIfKept(join(dataDir, 'push-token'));
  if (token !== undefined) return token;
  throw new AppError(
    'server-unreachable',
    `There is no push token: EARSHOT_PUSH_TOKEN is not set, and no server has kept one in ${dataDir}.`,
  );
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

function checked(file: string, kept: string): string {
  if (/^[\w-]{16,}$/.test(kept)) return kept;
  throw new AppError(
    'data-dir-unusable',
    `${file} holds no secret. Put back what it held, or write one of 16 or more characters (A–Z a–z 0–9 _ -) into it.`,
  );
}
