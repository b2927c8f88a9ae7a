import { resolve } from 'node:path';
import { vendorStorageHosts } from '../domain/host-pattern.js';
import { defaultLeaseMs } from '../domain/lease.js';
import { type ProcessRole, processRoles } from '../store/shared-roles.js';
import { accessSettings } from './access-settings.js';
import {
  parseDatabase,
  parseHosts,
  parseHttpUrl,
  parseNetworks,
  parseNumber,
  parseOneOf,
  parseRoles,
  parseSecret,
  parseStorage,
  parseText,
  parseTimeZone,
  parseWhole,
  setting,
  showDatabase,
} from './setting.js';

const inboxModes = ['both', 'store', 'local'] as const;
type InboxMode = (typeof inboxModes)[number];
/** What all threads of all roles need together (app/open-store.ts divides them). */
export const minConnections = 13;

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof logLevels)[number];

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
  databaseUrl: {
    ...setting<string | undefined>(
      'EARSHOT_DATABASE_URL',
      parseDatabase,
      undefined,
      'where the store is, `postgres://USER:PASSWORD@HOST/NAME`, for more than one machine; several hosts may be named',
      'SQLite in the data folder',
    ),
    isSecret: true as const,
    toShown: showDatabase,
  },
  storageUrl: setting<string | undefined>(
    'EARSHOT_STORAGE_URL',
    parseStorage,
    undefined,
    'where recordings are kept: `file:///path`, or `s3://BUCKET/PREFIX?endpoint=URL&region=REGION`',
    'recordings in the data folder',
  ),
  s3AccessKeyId: setting<string | undefined>(
    'EARSHOT_S3_ACCESS_KEY_ID',
    parseText,
    undefined,
    'names the key of the object storage; without the two, the usual chain of AWS clients is asked',
    'none',
  ),
  s3SecretAccessKey: {
    ...setting<string | undefined>(
      'EARSHOT_S3_SECRET_ACCESS_KEY',
      parseText,
      undefined,
      'the key of the object storage',
      'none',
    ),
    isSecret: true as const,
  },
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
    'forbidden networks (CIDR) that are allowed for downloads all the same, and for endpoints where those have no list of their own',
    'none',
  ),
  endpointNetworks: setting<readonly string[]>(
    'EARSHOT_ENDPOINT_NETWORKS',
    parseNetworks,
    [],
    'forbidden networks (CIDR) that are allowed for endpoints all the same; `none` allows none',
    'as EARSHOT_ALLOW_NETWORKS',
  ),
  roles: setting<readonly ProcessRole[]>(
    'EARSHOT_ROLES',
    parseRoles,
    processRoles,
    'which parts this process runs: intake, archive, deliver, api',
    'all',
  ),
  inbox: setting<InboxMode>(
    'EARSHOT_INBOX',
    parseOneOf(inboxModes),
    'both',
    'where pushes go with a database: `store` (into it), `both` (into it; where that fails or is slow, into the data folder first), `local` (into the data folder first)',
  ),
  logLevel: setting<LogLevel>(
    'EARSHOT_LOG_LEVEL',
    parseOneOf(logLevels),
    'info',
    `one of ${logLevels.join(', ')}`,
  ),
  ...accessSettings,
  keepPushesDays: setting(
    'EARSHOT_KEEP_PUSHES_DAYS',
    parseNumber(0, 3650),
    7,
    'days that sorted pushes are kept as evidence',
  ),
  quarantineDays: setting(
    'EARSHOT_QUARANTINE_DAYS',
    parseNumber(1, 3650),
    90,
    'days that items are kept in quarantine',
  ),
  quarantineMaxBytes: setting(
    'EARSHOT_QUARANTINE_MAX_BYTES',
    parseWhole(1024 * 1024, Number.MAX_SAFE_INTEGER),
    1024 ** 3,
    'most that quarantine keeps of one source, in bytes: of more, the oldest items are deleted',
  ),
  downloads: setting('EARSHOT_DOWNLOADS', parseWhole(1, 256), 8, 'recordings downloaded at once'),
  downloadsPerHost: setting(
    'EARSHOT_DOWNLOADS_PER_HOST',
    parseWhole(1, 256),
    4,
    'of them, from one host; one slot is always left to others',
  ),
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
  exportDays: setting(
    'EARSHOT_EXPORT_DAYS',
    parseNumber(1 / 1440, 3650),
    7,
    'days that the files of exports are kept',
  ),
  databaseConnections: setting(
    'EARSHOT_DATABASE_CONNECTIONS',
    parseWhole(minConnections, 1_000),
    24,
    'connections to the database at most, of all threads of this process',
  ),
  spoolMaxBytes: setting(
    'EARSHOT_SPOOL_MAX_BYTES',
    parseWhole(1, Number.MAX_SAFE_INTEGER),
    8 * 1024 ** 3,
    'bytes of pushes that may wait in the data folder for the database',
  ),
  keepMonths: setting<number | undefined>(
    'EARSHOT_KEEP_MONTHS',
    parseWhole(1, 1_200),
    undefined,
    'months that the journal and the attempts are kept in the database',
    'for ever',
  ),
  leaseSeconds: setting(
    'EARSHOT_LEASE_SECONDS',
    parseNumber(1, 600),
    defaultLeaseMs / 1000,
    'seconds after which the work of a process that died goes to another; the same for all processes of a store',
  ),
  stopDelayMs: setting(
    'EARSHOT_STOP_DELAY_MS',
    parseWhole(0, 600_000),
    0,
    'how long a process that is asked to stop goes on taking requests, with /readyz at 503: time for a load balancer to notice',
  ),
};

/** Where a value came from. */
export type SettingOrigin = 'flag' | 'environment' | 'file' | 'earshot.json' | 'default';

export type SettingName = keyof typeof settings;
export type Settings = { readonly [K in SettingName]: (typeof settings)[K]['fallback'] };
