import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';

/** Most that a packed body may unpack to: the bound of an unpacked push. 64 MiB. */
export const maxUnpackedBytes = 64 * 1024 * 1024;

/** Nobody packs more often; each time costs as much as the bound allows. */
const maxCodings = 3;

type Unpack = (packed: Uint8Array) => Uint8Array;

const options = { maxOutputLength: maxUnpackedBytes };
const gunzip: Unpack = (packed) => gunzipSync(packed, options);

/** What `deflate` stands for is zlib (RFC 9110, section 8.4.1.2); some send the bare stream that is in it. */
function inflate(packed: Uint8Array): Uint8Array {
  try {
    return inflateSync(packed, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw error;
    return inflateRawSync(packed, options);
  }
}

const unpackers: ReadonlyMap<string, Unpack> = new Map<string, Unpack>([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['x-deflate', inflate],
  ['br', (packed) => brotliDecompressSync(packed, options)],
]);

/**
 * The codings that a Content-Encoding names, in the order in which they were applied; undefined where one is not known, or
 * there are too many. `identity` is none.
 */
export function codingsOf(contentEncoding: string): readonly string[] | undefined {
  const codings = contentEncoding
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
  const areKnown = codings.length <= maxCodings && codings.every((coding) => unpackers.has(coding));
  return areKnown ? codings : undefined;
}

/** Whether the first bytes are gzip's. */
export function isGzip(body: Uint8Array): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}

/** The body without gzip; undefined where it is broken or larger than `maxUnpackedBytes`. */
export function unpackGzip(body: Uint8Array): Uint8Array | undefined {
  const unpacked = unpackBy(['gzip'], body);
  return unpacked === 'too-large' ? undefined : unpacked;
}

/**
 * The body as it was before it was packed; or why that cannot be had: broken, or larger than `maxUnpackedBytes`. Senders
 * forget to say that they pack, and proxies unpack without taking the word back: gzip is told by its first bytes, and what
 * begins like JSON and does not unpack as it says is plain.
 */
export function unpackBody(
  body: Uint8Array,
  contentEncoding = '',
): Uint8Array | 'gzip-unreadable' | 'coding-unreadable' {
  const codings = codingsOf(contentEncoding) ?? [];
  const named = unpackBy(codings, body);
  const reason = isGzip(body) ? 'gzip-unreadable' : 'coding-unreadable';
  if (named === 'too-large') return reason;
  if (named && !isGzip(named)) return named;
  // Unpacked as it says it may still be gzip: some pack once more than they say.
  if (isGzip(named ?? body)) return unpackGzip(named ?? body) ?? 'gzip-unreadable';
  return beginsLikeJson(body) ? body : reason;
}

function unpackBy(codings: readonly string[], body: Uint8Array): Uint8Array | 'too-large' | undefined {
  let unpacked = body;
  for (const coding of codings.toReversed()) {
    try {
      unpacked = unpackers.get(coding)?.(unpacked) ?? unpacked;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : undefined;
    }
  }
  return unpacked;
}

/** Behind a byte order mark and blanks; in UTF-16, too. */
function beginsLikeJson(body: Uint8Array): boolean {
  const start = Buffer.from(body.subarray(0, 200)).toString('latin1');
  return /^(?:ï»¿|ÿþ|þÿ)?[\s\u0000]*[[{]/.test(start);
}
