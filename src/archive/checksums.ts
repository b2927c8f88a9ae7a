import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { DownloadReason } from '../domain/recording.js';
import { Crc64 } from '../protocol/crc64.js';

/** What the storage says of the object as a whole; absent where it says nothing that can be checked. */
export interface ExpectedContent {
  /** Bytes of the whole object. */
  readonly size?: number;
  /** Lower-case hex. */
  readonly md5?: string;
  /** Decimal CRC-64/XZ. */
  readonly crc64?: string;
  /** A strong ETag, quotes included: only with one can a download be continued. */
  readonly etag?: string;
}

/**
 * Reads the storage's response headers (specification page, section 4). On a 206 the length is that of the part and
 * `Content-MD5` may be: only what is known to speak of the whole object is taken. An ETag names a version and proves
 * nothing of the bytes, whatever it looks like: that of an object that was appended to, posted or encrypted is no MD5.
 */
export function readExpectedContent(
  headers: IncomingHttpHeaders,
  wholeSize: number | undefined,
): ExpectedContent {
  const isPart = headers['content-range'] !== undefined;
  const etag = /^"[^"]+"$/.test(headers.etag ?? '') ? headers.etag : undefined;
  const contentMd5 = isPart ? undefined : toHex(headers['content-md5']);
  const crc64 = headers['x-oss-hash-crc64ecma'];
  return {
    ...(contentMd5 === undefined ? {} : { md5: contentMd5 }),
    ...(wholeSize === undefined ? {} : { size: wholeSize }),
    ...(typeof crc64 === 'string' && /^\d{1,20}$/.test(crc64) ? { crc64: BigInt(crc64).toString() } : {}),
    ...(etag === undefined ? {} : { etag }),
  };
}

function toHex(contentMd5: string | string[] | undefined): string | undefined {
  if (typeof contentMd5 !== 'string') return undefined;
  const bytes = Buffer.from(contentMd5, 'base64');
  return bytes.length === 16 ? bytes.toString('hex') : undefined;
}

/** Digests of the object's bytes from its first, taken as they pass; MD5 and CRC-64 only where there is one to meet. */
export class RunningDigests {
  readonly #expected: ExpectedContent;
  readonly #sha256 = createHash('sha256');
  readonly #md5;
  readonly #crc64;
  #bytes = 0;

  constructor(expected: ExpectedContent) {
    this.#expected = expected;
    this.#md5 = expected.md5 === undefined ? undefined : createHash('md5');
    this.#crc64 = expected.crc64 === undefined ? undefined : new Crc64();
  }

  get bytes(): number {
    return this.#bytes;
  }

  update(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    this.#sha256.update(chunk);
    this.#md5?.update(chunk);
    this.#crc64?.update(chunk);
  }

  /** Lower-case hex SHA-256 of the bytes so far; more may follow. */
  sha256(): string {
    return this.#sha256.copy().digest('hex');
  }

  /** What is wrong with the bytes as the whole object; undefined when they are what the storage announced. */
  findFault(): { readonly reason: DownloadReason; readonly detail: string } | undefined {
    const { size, md5, crc64 } = this.#expected;
    if (size !== undefined && this.#bytes !== size) {
      return { reason: 'truncated', detail: `${this.#bytes} of ${size} bytes` };
    }
    if (this.#crc64 && this.#crc64.digest() !== crc64)
      return { reason: 'wrong-checksum', detail: 'CRC-64 differs' };
    if (this.#md5 && this.#md5.copy().digest('hex') !== md5)
      return { reason: 'wrong-checksum', detail: 'MD5 differs' };
    return undefined;
  }
}
