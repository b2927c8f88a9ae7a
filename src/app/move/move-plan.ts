import { pathToFileURL } from 'node:url';
import { AppError } from '../../domain/errors.js';
import { parseDatabaseUrl } from '../../store/postgres/database-url.js';
import type { Config } from '../../settings/config.js';
import { isObjectStorage, recordingsDir } from '../open-storage.js';
import { parseDatabase, parseStorage } from '../../settings/setting.js';
import type { SettingChanges } from '../../settings/settings-file.js';

export interface MoveRequest {
  /** `embedded`, or the URL of a database: a secret. */
  readonly to?: string;
  /** `file:///path` or `s3://bucket/prefix`. */
  readonly storageTo?: string;
}

/** What is to be moved, and what the settings are afterwards. */
export interface MovePlan {
  readonly store?: 'embedded' | { readonly url: string };
  /** As a setting holds it. */
  readonly storageUrl?: string;
  readonly changes: SettingChanges;
}

/** Those that say something about a database: without one, a start refuses them. */
const databaseSettings = ['inbox', 'databaseConnections', 'spoolMaxBytes', 'keepMonths', 'roles'] as const;

/** @throws AppError `usage-invalid` where what is asked for makes no sense, `move-refused` where it is so already. */
export function planMove(config: Config, { to, storageTo }: MoveRequest): MovePlan {
  if (to === undefined && storageTo === undefined) {
    throw new AppError(
      'usage-invalid',
      'Say where to: --to postgres://… or embedded, --storage-to s3://… or file://….',
    );
  }
  const store = to === undefined ? undefined : planStore(config, to);
  const storageUrl = storageTo === undefined ? undefined : planStorage(config, storageTo);
  return {
    ...(store === undefined ? {} : { store }),
    ...(storageUrl === undefined ? {} : { storageUrl }),
    changes: { ...(store === undefined ? {} : changesFor(store)), ...changesForStorage(storageUrl) },
  };
}

/** A database without user and password: `postgres://host/name`. */
export function placeOfDatabase(url: string): string {
  const hosts = parseDatabaseUrl(url).map(({ name }) => name);
  const [path = ''] = /\/[^/?#]*(?=[?#]|$)/.exec(url.replace(/^[^:]*:\/\/[^/]*/, '')) ?? [];
  return `postgres://${hosts.join(',')}${path}`;
}

function planStore({ databaseUrl }: Config, to: string): NonNullable<MovePlan['store']> {
  if (to === 'embedded') {
    if (databaseUrl === undefined)
      throw new AppError('move-refused', 'The store is embedded already: EARSHOT_DATABASE_URL is not set.');
    return 'embedded';
  }
  if (databaseUrl !== undefined) {
    throw new AppError(
      'move-refused',
      'The store is in PostgreSQL already. From one server to another lead its own tools: pg_dump and pg_restore, or a standby that is promoted.',
    );
  }
  try {
    return { url: parseDatabase(to) };
  } catch (error) {
    throw new AppError('usage-invalid', `--to: ${(error as Error).message}.`);
  }
}

function planStorage(config: Config, storageTo: string): string {
  let storageUrl: string;
  try {
    storageUrl = parseStorage(storageTo);
  } catch (error) {
    throw new AppError('usage-invalid', `--storage-to: ${(error as Error).message}.`);
  }
  const now = isObjectStorage(config.storageUrl) ? config.storageUrl : recordingsDir(config);
  if (storageUrl === now) throw new AppError('move-refused', 'Recordings are kept there already.');
  return storageUrl;
}

function changesFor(store: NonNullable<MovePlan['store']>): SettingChanges {
  if (store !== 'embedded') return { databaseUrl: store.url };
  return Object.fromEntries(['databaseUrl', ...databaseSettings].map((name) => [name, undefined]));
}

function changesForStorage(storageUrl: string | undefined): SettingChanges {
  if (storageUrl === undefined) return {};
  if (isObjectStorage(storageUrl)) return { storageUrl };
  return {
    storageUrl: pathToFileURL(storageUrl).href,
    s3AccessKeyId: undefined,
    s3SecretAccessKey: undefined,
  };
}
