import { createHash, createHmac } from 'node:crypto';
import type { LinkVersion } from '../simulation-options.js';
import type { SimulatedCall } from '../call.js';

/** What a link says and its signature covers, besides verb and object. Whole seconds since the UNIX epoch. */
interface LinkTerms {
  readonly version: LinkVersion;
  /** Only V4 says it: the others carry the end alone. */
  readonly signedAtSeconds: number;
  readonly expiresAtSeconds: number;
}

export const bucketName = 'alicom-fc-record-biz';
const region = 'cn-hangzhou';

/** Signs and reads links as the vendor's object storage does (specification page, section 4). */
export interface LinkSigner {
  /** The raw query, without `?`, that lets `verb` at the object until the terms' end. */
  sign(verb: string, objectKey: string, terms: LinkTerms): string;
}

/** `accessKeyId` shows in every link; `secret` never does. */
export function createLinkSigner(accessKeyId: string, secret: string): LinkSigner {
  const signers: Record<LinkVersion, LinkSigner['sign']> = {
    v1: (verb, objectKey, terms) => signV1(accessKeyId, secret, verb, objectKey, terms),
    v2: (verb, objectKey, terms) => signV2(accessKeyId, secret, verb, objectKey, terms),
    v4: (verb, objectKey, terms) => signV4(accessKeyId, secret, verb, objectKey, terms),
  };
  return { sign: (verb, objectKey, terms) => signers[terms.version](verb, objectKey, terms) };
}

function signV1(id: string, secret: string, verb: string, objectKey: string, terms: LinkTerms): string {
  const toSign = `${verb}\n\n\n${terms.expiresAtSeconds}\n/${bucketName}/${objectKey}`;
  const signature = createHmac('sha1', secret).update(toSign).digest('base64');
  return `Expires=${terms.expiresAtSeconds}&OSSAccessKeyId=${encode(id)}&Signature=${encode(signature)}`;
}

function signV2(id: string, secret: string, verb: string, objectKey: string, terms: LinkTerms): string {
  const query =
    `x-oss-access-key-id=${encode(id)}&x-oss-expires=${terms.expiresAtSeconds}` +
    '&x-oss-signature-version=OSS2';
  const resource = `${encode(`/${bucketName}/${objectKey}`)}?${query}`;
  const toSign = `${verb}\n\n\n${terms.expiresAtSeconds}\n\n${resource}`;
  const signature = createHmac('sha256', secret).update(toSign).digest('base64');
  return `${query}&x-oss-signature=${encode(signature)}`;
}

function signV4(id: string, secret: string, verb: string, objectKey: string, terms: LinkTerms): string {
  const time = toCompactTime(terms.signedAtSeconds);
  const scope = `${time.slice(0, 8)}/${region}/oss/aliyun_v4_request`;
  const query =
    `x-oss-credential=${encode(`${id}/${scope}`)}&x-oss-date=${time}` +
    `&x-oss-expires=${terms.expiresAtSeconds - terms.signedAtSeconds}&x-oss-signature-version=OSS4-HMAC-SHA256`;
  const canonical = `${verb}\n/${bucketName}${toPath(objectKey)}\n${query}\n\n\nUNSIGNED-PAYLOAD`;
  const toSign = `OSS4-HMAC-SHA256\n${time}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const key = scope
    .split('/')
    .reduce<Buffer>((signing, part) => mac(signing, part), Buffer.from(`aliyun_v4${secret}`));
  return `${query}&x-oss-signature=${mac(key, toSign).toString('hex')}`;
}

/**
 * The terms a raw query claims, or undefined where it is no link's. The claim proves nothing: signing the terms
 * anew must give the very same query.
 */
export function readLinkTerms(query: string): LinkTerms | undefined {
  const values = new Map(
    query.split('&').map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name, value] as const;
    }),
  );
  if (values.has('Signature')) return absoluteTerms('v1', values.get('Expires'));
  const version = values.get('x-oss-signature-version');
  if (version === 'OSS2') return absoluteTerms('v2', values.get('x-oss-expires'));
  if (version !== 'OSS4-HMAC-SHA256') return undefined;
  const signedAtSeconds = fromCompactTime(values.get('x-oss-date') ?? '');
  const lifeSeconds = Number(values.get('x-oss-expires'));
  if (!Number.isSafeInteger(signedAtSeconds) || !Number.isSafeInteger(lifeSeconds)) return undefined;
  return { version: 'v4', signedAtSeconds, expiresAtSeconds: signedAtSeconds + lifeSeconds };
}

/** The path of an object in a URL: `^` is `%5E`, a slash stays. */
export function toPath(objectKey: string): string {
  return `/${objectKey.split('/').map(encode).join('/')}`;
}

function absoluteTerms(version: 'v1' | 'v2', expires: string | undefined): LinkTerms | undefined {
  const expiresAtSeconds = Number(expires);
  if (!Number.isSafeInteger(expiresAtSeconds)) return undefined;
  return { version, signedAtSeconds: 0, expiresAtSeconds };
}

function mac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `yyyyMMddTHHmmssZ`. */
function toCompactTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(/[-:]|\.\d+/g, '');
}

function fromCompactTime(text: string): number {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  return iso === text ? Number.NaN : Date.parse(iso) / 1000;
}

/** Specification, field `recordFile`: "valid for seven days". */
const linkLifeSeconds = 7 * 24 * 3600;
/** How long ago the link of an `expired` call died, before it was ever sent. */
const expiredAgoSeconds = 60;

/** The link of a call's recording, valid from now for a week by the time scale; dead from the start if so chosen. */
export function mintLink(
  call: SimulatedCall,
  context: { origin: string; signer: LinkSigner; timeScale: number; now: number },
): string {
  const lifeSeconds = Math.max(1, Math.round(linkLifeSeconds / context.timeScale));
  const nowSeconds = Math.floor(context.now / 1000);
  const expiresAtSeconds = call.storageFaults.includes('expired')
    ? nowSeconds - expiredAgoSeconds
    : nowSeconds + lifeSeconds;
  const query = context.signer.sign('GET', call.objectKey, {
    version: call.linkVersion,
    signedAtSeconds: expiresAtSeconds - lifeSeconds,
    expiresAtSeconds,
  });
  return `${context.origin}${toPath(call.objectKey)}?${query}`;
}
