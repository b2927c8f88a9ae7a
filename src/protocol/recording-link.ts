/** What a `recordFile` says of itself. */
export interface RecordingLink {
  /** As received: decoding and encoding it again would break its signature. A bearer secret. */
  readonly link: string;
  /** Lower case; with the port where it is not the scheme's own. */
  readonly host: string;
  /** As written, without query: together with the callId the identity of the recording. */
  readonly path: string;
  /** When the link dies by its own words (ms); absent where it does not say. */
  readonly expiresAt?: number;
}

/** "The recording URL is valid for seven days." */
export const linkLifetimeMs = 7 * 24 * 60 * 60 * 1000;

/** Beyond this a claimed expiry is no date (ISO 8601 with four digits of year). */
const latestInstant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Scheme, authority, path and query of a link as written; a backslash is a slash to every URL parser. */
const linkForm = /^https?:\/\/([^/?#\\]+)([^?#]*)(?:\?([^#]*))?/i;

const maxHostLength = 253;

/** Host names that need no parser to be told: what nearly every link has. */
const plainAuthority = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,}$/;

/** Reads a `recordFile`; undefined where it cannot be downloaded from: no string, no http(s) URL, a URL with credentials. */
export function readRecordingLink(recordFile: unknown): RecordingLink | undefined {
  if (typeof recordFile !== 'string') return undefined;
  const link = recordFile.trim();
  const written = linkForm.exec(link);
  if (!written) return undefined;
  const [, authority = '', path = '', query] = written;
  const host = readHost(link, authority);
  if (host === undefined) return undefined;
  const expiresAt = query === undefined ? undefined : readExpiry(query);
  return { link, host, path: path === '' ? '/' : path, ...(expiresAt === undefined ? {} : { expiresAt }) };
}

/** The host as WHATWG's URL tells it, or undefined where that refuses the link or finds credentials in it. */
function readHost(link: string, authority: string): string | undefined {
  if (authority.length <= maxHostLength && plainAuthority.test(authority)) return authority;
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  return url.username === '' && url.password === '' ? url.host : undefined;
}

/**
 * When a recording's link dies: by its own words, or else seven days after the call's end, counted from the
 * receipt where that is earlier or the end is not known (protocol page, section 4).
 */
export function deadlineOf(link: RecordingLink, receivedAt: number, callEndAt?: number): number {
  if (link.expiresAt !== undefined) return link.expiresAt;
  return Math.min(callEndAt ?? receivedAt, receivedAt) + linkLifetimeMs;
}

/**
 * Signature V1: `Expires`, UNIX seconds. V2: `x-oss-expires`, UNIX seconds. V4: `x-oss-date` and
 * `x-oss-expires`, seconds after it; S3's V4 likewise with `X-Amz-`.
 */
function readExpiry(query: string): number | undefined {
  const values = readParameters(query);
  for (const vendor of ['x-oss', 'x-amz']) {
    const expires = values[`${vendor}-expires`];
    if (expires === undefined) continue;
    const date = values[`${vendor}-date`];
    if (date !== undefined) {
      const signedAt = readBasicInstant(date);
      return signedAt === undefined ? undefined : toInstant(expires, signedAt);
    }
    // V4's seconds read as V2's would be a day in 1970: the recording would be given up unheard.
    const isV2 = vendor === 'x-oss' && !values['x-oss-signature-version']?.startsWith('OSS4');
    return isV2 ? toInstant(expires, 0) : undefined;
  }
  return toInstant(values['expires'], 0);
}

const expiryParameters = new Set([
  'expires',
  'x-oss-signature-version',
  'x-oss-date',
  'x-oss-expires',
  'x-amz-date',
  'x-amz-expires',
]);

/** The few parameters that tell of expiry, by lower-case name. Their values are digits, T and Z: nothing to decode. */
function readParameters(query: string): Partial<Record<string, string>> {
  const found: Partial<Record<string, string>> = {};
  for (const parameter of query.split('&')) {
    const equals = parameter.indexOf('=');
    const name = parameter.slice(0, equals).toLowerCase();
    if (expiryParameters.has(name)) found[name] = parameter.slice(equals + 1);
  }
  return found;
}

function toInstant(seconds: string | undefined, base: number): number | undefined {
  if (seconds === undefined || !/^\d{1,15}$/.test(seconds)) return undefined;
  return Math.min(base + Number(seconds) * 1000, latestInstant);
}

/** `yyyyMMddTHHmmssZ` */
function readBasicInstant(text: string | undefined): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC rolls an impossible date over into the next month: what does not come back as written was none.
  const written = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return written === text ? at : undefined;
}
