/** One parameter of a query as it is written; its name in lower case, decoded. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}

export function readParameters(query: string): Parameter[] {
  return query
    .split('&')
    .filter((parameter) => parameter !== '')
    .map((parameter) => {
      const equals = parameter.indexOf('=');
      const name = equals < 0 ? parameter : parameter.slice(0, equals);
      return { name: decode(name).toLowerCase(), value: equals < 0 ? '' : parameter.slice(equals + 1) };
    });
}

/** Parameters of vendors' signatures that begin so say who asks and until when. */
const signingPrefixes = [
  ...['x-oss-', 'x-amz-', 'x-goog-', 'x-tos-', 'x-obs-', 'x-cos-', 'x-bce-', 'q-'],
  // How the storage is to label its answer.
  'response-',
];
/** These begin so and change the bytes that come. */
const notSigning = new Set(['x-oss-process', 'x-tos-process', 'x-obs-process', 'x-image-process']);

const signing = new Set([
  ...['expires', 'signature', 'ossaccesskeyid', 'awsaccesskeyid', 'googleaccessid', 'accesskeyid', 'policy'],
  ...[
    'security-token',
    'securitytoken',
    'sts-token',
    'key-pair-id',
    'auth_key',
    'authorization',
    'x-id',
    'keyid',
  ],
]);
/** Names that say much too little by themselves: signing only where their company is there, too. */
const signingTogether: readonly (readonly string[])[] = [
  ['e', 'token'],
  ['sign', 't'],
  [
    'se',
    'sig',
    'sv',
    'sp',
    'sr',
    'st',
    'spr',
    'sip',
    'ss',
    'srt',
    'skoid',
    'sktid',
    'skt',
    'ske',
    'sks',
    'skv',
  ],
];

/**
 * What of a query says which file it is: all of it but what is known to sign or to expire. Undefined where there is no
 * such thing. The order of parameters, the case of their names and the way in which they are encoded are not told apart.
 */
export function identifyingPart(parameters: readonly Parameter[]): string | undefined {
  const names = new Set(parameters.map(({ name }) => name));
  const left = parameters
    .filter(({ name }) => !signs(name, names))
    .map(({ name, value }) => [name, decode(value)] as const);
  if (left.length === 0) return undefined;
  left.sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return JSON.stringify(left);
}

function signs(name: string, present: ReadonlySet<string>): boolean {
  if (signing.has(name)) return true;
  if (notSigning.has(name)) return false;
  if (signingPrefixes.some((prefix) => name.startsWith(prefix))) return true;
  return signingTogether.some(
    ([first = '', second = '', ...rest]) =>
      present.has(first) && present.has(second) && [first, second, ...rest].includes(name),
  );
}

/** When a query says that its link dies (ms): an instant, `unreadable` words, or nothing at all. */
export type ToldExpiry = number | 'unreadable' | undefined;

/**
 * Signature V1: `Expires`, UNIX seconds. V2: `x-oss-expires`, UNIX seconds. V4: `x-oss-date` and `x-oss-expires`,
 * seconds after it; S3's V4, and its relatives', likewise. What V1 and V2 say in milliseconds is read as such by
 * `deadlineOf`, which knows when the link came.
 */
export function readExpiry(parameters: readonly Parameter[]): ToldExpiry {
  const values: Partial<Record<string, string>> = {};
  for (const { name, value } of parameters) values[name] = value;
  for (const vendor of ['x-oss', 'x-amz', 'x-goog', 'x-tos', 'x-obs']) {
    const expires = values[`${vendor}-expires`];
    if (expires === undefined) continue;
    const date = values[`${vendor}-date`];
    if (date !== undefined) {
      const signedAt = readBasicInstant(decode(date));
      return signedAt === undefined ? 'unreadable' : toInstant(expires, signedAt);
    }
    // V4's seconds read as V2's would be a day in 1970.
    const isV2 = vendor === 'x-oss' && !/^oss4/i.test(values['x-oss-signature-version'] ?? '');
    return isV2 ? toInstant(expires, 0) : 'unreadable';
  }
  if (values['expires'] !== undefined) return toInstant(values['expires'], 0);
  const { se, sig, e, token } = values;
  if (se !== undefined && sig !== undefined) return readWrittenInstant(decode(se));
  if (e !== undefined && token !== undefined) return toInstant(e, 0);
  const signTime = values['q-sign-time'];
  return signTime === undefined ? undefined : toInstant(decode(signTime).split(';')[1] ?? '', 0);
}

/** What stands behind the digits was left there by others: a full stop, a bracket. */
function toInstant(seconds: string, base: number): number | 'unreadable' {
  const digits = /^(\d{1,19})[.,;:!?)\]}'"]{0,16}$/.exec(decode(seconds).trim())?.[1];
  return digits === undefined ? 'unreadable' : base + Number(digits) * 1000;
}

/** `2025-05-22T12:00:00Z`, or without a time of day. */
function readWrittenInstant(text: string): number | 'unreadable' {
  const at = /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? 'unreadable' : at;
}

/** `yyyyMMddTHHmmssZ` */
function readBasicInstant(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
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

function decode(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
