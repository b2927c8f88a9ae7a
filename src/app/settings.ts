import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAddressGuard } from '../net/address-guard.js';
import { createHostFilter, vendorStorageHosts } from '../net/host-pattern.js';
import { createVendorTime } from '../protocol/vendor-time.js';

/** One setting: how its text is read, what it is when nobody says, and what it means. */
export interface Setting<T> {
  readonly name: `EARSHOT_${string}`;
  /** Reads the text. @throws Error whose message says what is expected. */
  readonly parse: (text: string) => T;
  readonly fallback: T;
  readonly fallbackText: string;
  readonly meaning: string;
  readonly isSecret?: true;
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Every setting of the product (docs/settings.md), in the order in which `earshot config` prints them. */
export const settings = {
  host: setting('EARSHOT_HOST', parseText, '127.0.0.1', 'address to listen on'),
  port: setting('EARSHOT_PORT', parseWhole(0, 65_535), 8080, 'port to listen on; 0 takes any free one'),
  publicUrl: setting<string | undefined>(
    'EARSHOT_PUBLIC_URL',
    parseHttpUrl,
    undefined,
    'how the outside reaches it; used in links',
    'http://HOST:PORT',
  ),
  dataDir: setting(
    'EARSHOT_DATA_DIR',
    (text) => resolve(parseText(text)),
    resolve('data'),
    'embedded store, generated secrets, recordings',
    './data',
  ),
  databaseUrl: setting<undefined>(
    'EARSHOT_DATABASE_URL',
    refuseDatabase,
    undefined,
    'where the store is',
    'SQLite in the data folder',
  ),
  storageUrl: setting<string | undefined>(
    'EARSHOT_STORAGE_URL',
    parseStorage,
    undefined,
    'where recordings are kept, `file:///path`',
    'recordings in the data folder',
  ),
  pushToken: {
    ...setting<string | undefined>(
      'EARSHOT_PUSH_TOKEN',
      parseSecret,
      undefined,
      'the secret in the push path',
      'generated, kept in the data folder',
    ),
    isSecret: true as const,
  },
  apiKey: {
    ...setting<string | undefined>(
      'EARSHOT_API_KEY',
      parseSecret,
      undefined,
      "an administrator's key for the API",
      'generated, kept in the data folder',
    ),
    isSecret: true as const,
  },
  timeZone: setting('EARSHOT_TIME_ZONE', parseTimeZone, 'Asia/Shanghai', "zone of the vendor's times"),
  recordingHosts: setting(
    'EARSHOT_RECORDING_HOSTS',
    parseHosts,
    vendorStorageHosts,
    'hosts that recordings may be fetched from',
    vendorStorageHosts.join(','),
  ),
  allowNetworks: setting<readonly string[]>(
    'EARSHOT_ALLOW_NETWORKS',
    parseNetworks,
    [],
    'forbidden networks (CIDR) that are allowed for downloads and endpoints all the same',
    'none',
  ),
  roles: setting('EARSHOT_ROLES', parseRoles, 'all', 'which parts this process runs'),
  logLevel: setting<LogLevel>(
    'EARSHOT_LOG_LEVEL',
    parseOneOf(logLevels),
    'info',
    `one of ${logLevels.join(', ')}`,
  ),
  keepPushesDays: setting(
    'EARSHOT_KEEP_PUSHES_DAYS',
    parseNumber(0, 3650),
    7,
    'days that sorted pushes are kept as evidence',
  ),
  downloads: setting('EARSHOT_DOWNLOADS', parseWhole(1, 256), 8, 'recordings downloaded at once'),
  downloadsPerHost: setting('EARSHOT_DOWNLOADS_PER_HOST', parseWhole(1, 256), 4, 'of them, from one host'),
  maxRecordingBytes: setting(
    'EARSHOT_MAX_RECORDING_BYTES',
    parseWhole(1, Number.MAX_SAFE_INTEGER),
    2 * 1024 ** 3,
    'largest recording that is kept, in bytes',
  ),
  linkDays: setting(
    'EARSHOT_LINK_DAYS',
    parseNumber(1 / 1440, 3650),
    7,
    "days that Earshot's own links to recordings are valid",
  ),
};

export type SettingName = keyof typeof settings;
export type Settings = { readonly [K in SettingName]: (typeof settings)[K]['fallback'] };

function setting<T>(
  name: `EARSHOT_${string}`,
  parse: (text: string) => NoInfer<T>,
  fallback: T,
  meaning: string,
  fallbackText = String(fallback),
): Setting<T> {
  return { name, parse, fallback, meaning, fallbackText };
}

function parseText(text: string): string {
  if (text.trim() === '') throw new Error('it is empty');
  return text.trim();
}

function parseNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = Number(parseText(text));
    if (!(number >= min && number <= max))
      throw new Error(`expected a number from ${min} to ${max}, got "${text}"`);
    return number;
  };
}

function parseWhole(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = parseNumber(min, max)(text);
    if (!Number.isInteger(number)) throw new Error(`expected a whole number, got "${text}"`);
    return number;
  };
}

function parseOneOf<T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const value = values.find((candidate) => candidate === text.trim());
    if (value === undefined) throw new Error(`expected one of ${values.join(', ')}, got "${text}"`);
    return value;
  };
}

function parseList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

function parseHttpUrl(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new Error(`expected an http or https URL, got "${text}"`);
  return url.href.replace(/\/+$/, '');
}

function parseSecret(text: string): string {
  // The value itself is never repeated: it may be a real secret with a slip in it.
  if (!/^[\w-]{16,}$/.test(text.trim())) throw new Error('expected 16 or more characters of A–Z a–z 0–9 _ -');
  return text.trim();
}

function parseTimeZone(text: string): string {
  try {
    createVendorTime(parseText(text));
  } catch {
    throw new Error(`expected a time zone such as Asia/Shanghai, got "${text}"`);
  }
  return text.trim();
}

function parseHosts(text: string): readonly string[] {
  const patterns = parseList(text);
  if (patterns.length === 0) throw new Error('expected host patterns, separated by commas');
  createHostFilter(patterns);
  return patterns;
}

function parseNetworks(text: string): readonly string[] {
  const networks = parseList(text);
  createAddressGuard(networks);
  return networks;
}

function parseStorage(text: string): string {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url?.protocol !== 'file:')
    throw new Error('this version keeps recordings in a folder: expected file:///path');
  return fileURLToPath(url);
}

function refuseDatabase(): never {
  throw new Error('this version has the embedded store only: leave it out');
}

function parseRoles(text: string): string {
  const roles = parseList(text);
  const known = ['all', 'intake', 'archive', 'deliver', 'api'];
  const unknown = roles.find((role) => !known.includes(role));
  if (unknown !== undefined || roles.length === 0)
    throw new Error(`expected a list of ${known.join(', ')}, got "${text}"`);
  const isAll = roles.includes('all') || ['intake', 'archive', 'api'].every((role) => roles.includes(role));
  if (!isAll)
    throw new Error('one process runs every part of the embedded store: leave it out, or say "all"');
  return 'all';
}
