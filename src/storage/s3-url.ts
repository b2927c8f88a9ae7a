import { defaultKeyTemplate, parseKeyTemplate, type KeyOf } from './key-template.js';

/** Where and how assets are kept in an object storage, as its URL says. */
export interface S3Place {
  readonly bucket: string;
  /** Before every key: empty, or ends in `/`. */
  readonly prefix: string;
  /** Of a server that is not Amazon's. */
  readonly endpoint?: string;
  /** Absent: as the environment of the process says. */
  readonly region?: string;
  /** The bucket in the path of a request, not in its host name. */
  readonly isPathStyle: boolean;
  readonly keyOf: KeyOf;
  readonly encryption?: Encryption;
  /** What is sent, and held in memory, as one piece. */
  readonly partBytes: number;
  /** Whether readers may be sent to the storage itself. */
  readonly isPresigned: boolean;
}

export interface Encryption {
  readonly kind: 'AES256' | 'aws:kms';
  readonly keyId?: string;
}

const mebibyte = 1024 * 1024;
const parameters = [
  ...['endpoint', 'region', 'pathStyle', 'key'],
  ...['sse', 'kmsKeyId', 'partMiB', 'redirect'],
] as const;
type Parameter = (typeof parameters)[number];

/**
 * Reads `s3://bucket/prefix?endpoint=…&region=…&pathStyle=…&key=…&sse=…&kmsKeyId=…&partMiB=…&redirect=presigned`.
 * @throws Error with what is expected, without a full stop; never with what may be a secret.
 */
export function parseS3Url(text: string): S3Place {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (url?.protocol !== 's3:') throw new Error('expected s3://bucket/prefix');
  if (url.username !== '' || url.password !== '')
    throw new Error(
      'keys do not belong into the URL: set EARSHOT_S3_ACCESS_KEY_ID and EARSHOT_S3_SECRET_ACCESS_KEY',
    );
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/.test(url.host))
    throw new Error('expected the name of a bucket behind s3://');
  const given = readParameters(url.searchParams);
  const endpoint = given.endpoint === undefined ? undefined : parseEndpoint(given.endpoint, url.host);
  const encryption = parseEncryption(given);
  return {
    bucket: url.host,
    prefix: parsePrefix(url.pathname),
    ...(endpoint === undefined ? {} : { endpoint }),
    // Servers that are not Amazon's want a region in the signature, and mostly do not mind which.
    ...(given.region !== undefined || endpoint !== undefined ? { region: given.region ?? 'us-east-1' } : {}),
    isPathStyle: parseChoice(
      'pathStyle',
      given.pathStyle,
      { true: true, false: false },
      endpoint !== undefined && !wantsHostStyle(endpoint, url.host),
    ),
    keyOf: parseKeyTemplate(given.key ?? defaultKeyTemplate),
    ...(encryption ? { encryption } : {}),
    partBytes: parsePart(given.partMiB),
    isPresigned: parseChoice('redirect', given.redirect, { presigned: true }, false),
  };
}

function readParameters(query: URLSearchParams): Partial<Record<Parameter, string>> {
  const given: Partial<Record<Parameter, string>> = {};
  for (const [name, value] of query) {
    const parameter = parameters.find((known) => known === name);
    if (!parameter) throw new Error(`expected no parameters but ${parameters.join(', ')}, got "${name}"`);
    if (given[parameter] !== undefined) throw new Error(`${name} is given twice`);
    given[parameter] = value;
  }
  return given;
}

function parsePrefix(pathname: string): string {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  if (!segments.every((segment) => /^[A-Za-z0-9_=-][A-Za-z0-9._=-]*$/.test(segment)))
    throw new Error('expected letters, digits and . _ - = in the prefix behind the bucket');
  return segments.map((segment) => `${segment}/`).join('');
}

/** Storages that refuse a bucket in the path, of some buckets or of all, and their like: each takes it in the host name. */
const hostStyleDomains = [
  ...[
    'aliyuncs.com',
    'aliyun-inc.com',
    'amazonaws.com',
    'amazonaws.com.cn',
    'myqcloud.com',
    'myhuaweicloud.com',
  ],
  ...[
    'volces.com',
    'ivolces.com',
    'bcebos.com',
    'qiniucs.com',
    'ksyuncs.com',
    'jdcloud-oss.com',
    'ufileos.com',
  ],
  ...['digitaloceanspaces.com', 'wasabisys.com', 'backblazeb2.com'],
];

/** A bucket with dots has no certificate as a host name, so that it is left in the path. */
function wantsHostStyle(endpoint: string, bucket: string): boolean {
  const { hostname, protocol } = new URL(endpoint);
  if (protocol === 'https:' && bucket.includes('.')) return false;
  return isOneOf(hostname, hostStyleDomains);
}

function isOneOf(hostname: string, domains: readonly string[]): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  return domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}

/** What a console shows as a bucket's address has the bucket in front already: there it is put by the client. */
function parseEndpoint(text: string, bucket: string): string {
  const endpoint = parseOrigin(text);
  const { hostname } = new URL(endpoint);
  const isOfBucket = hostname.startsWith(`${bucket.toLowerCase()}.`) && isOneOf(hostname, hostStyleDomains);
  return isOfBucket
    ? endpoint.replace(new RegExp(`^(https?://)${escapeDots(bucket)}\\.`, 'i'), '$1')
    : endpoint;
}

function escapeDots(bucket: string): string {
  return bucket.replaceAll('.', '\\.');
}

function parseOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && url.search === '' && url.username === '';
  if (!isPlain) throw new Error('endpoint: expected an http or https URL without keys and parameters');
  return url.href.replace(/\/+$/, '');
}

function parseChoice<T>(
  name: Parameter,
  text: string | undefined,
  choices: Record<string, T>,
  fallback: T,
): T {
  if (text === undefined) return fallback;
  if (Object.hasOwn(choices, text)) return choices[text]!;
  throw new Error(`${name}: expected ${Object.keys(choices).join(' or ')}, got "${text}"`);
}

function parseEncryption({ sse, kmsKeyId }: Partial<Record<Parameter, string>>): Encryption | undefined {
  const kinds = { AES256: 'AES256', 'aws:kms': 'aws:kms' } as const;
  const kind = parseChoice<Encryption['kind'] | undefined>('sse', sse, kinds, undefined);
  if (kmsKeyId !== undefined && kind !== 'aws:kms')
    throw new Error('kmsKeyId has a meaning with sse=aws:kms only');
  return kind && { kind, ...(kmsKeyId === undefined ? {} : { keyId: kmsKeyId }) };
}

/** Servers refuse parts below 5 MiB (but the last), and one piece above 5 GiB; memory is the nearer bound. */
function parsePart(text: string | undefined): number {
  const size = Number(text ?? 8);
  if (!Number.isInteger(size) || size < 5 || size > 512)
    throw new Error(`partMiB: expected a whole number from 5 to 512, got "${text ?? ''}"`);
  return size * mebibyte;
}
